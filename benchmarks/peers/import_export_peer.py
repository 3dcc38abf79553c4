"""The same rows with django-import-export, tuned as its documentation advises: bulk writes, cached look-ups, no row reports.

python import_export_peer.py SHARE BOOK.db ANSWERS
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import django
import tablib
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[2]}},
    INSTALLED_APPS=["import_export"], USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)  # fmt: skip
django.setup()

from django.core.exceptions import ValidationError  # noqa: E402  Django wants its settings first
from django.db import connection, models  # noqa: E402
from import_export import resources  # noqa: E402
from import_export.fields import Field  # noqa: E402
from import_export.instance_loaders import CachedInstanceLoader  # noqa: E402

HEADERS = {
    "name": "客户名称", "source": "客户来源", "photos": "门头照片", "type": "客户类型", "contact": "联系人", "phone": "联系电话",
    "area": "客户地址", "address": "详细地址", "region": "销售区域", "owner": "销售经理", "shared": "共享人员",
    "certificate": "证件照片",
}  # fmt: skip
LISTS = {
    "source": {"转介绍", "展会", "网络推广", "电话拜访", "上门拜访", "广告", "老客户", "其他"},
    "type": {"民营企业", "国有企业", "外资企业", "合资企业", "个体工商户", "政府机关", "事业单位", "其他"},
    "region": {"华东", "华南", "华北", "华中", "西南", "西北", "东北"},
}
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")


class Customer(models.Model):  # type: ignore[misc]
    """A row of 客户新增."""

    name = models.CharField(max_length=100, unique=True)
    source = models.CharField(max_length=20)
    photos = models.CharField(max_length=200)
    type = models.CharField(max_length=20)
    contact = models.CharField(max_length=50)
    phone = models.CharField(max_length=20)
    area = models.CharField(max_length=60)
    address = models.CharField(max_length=120)
    region = models.CharField(max_length=10)
    owner = models.CharField(max_length=50, blank=True)
    shared = models.CharField(max_length=200, blank=True)
    certificate = models.CharField(max_length=200, blank=True)

    class Meta:  # noqa: D106  Django's own word
        app_label = "import_export"

    def __str__(self) -> str:
        """Its name."""
        return str(self.name)


class Customers(resources.ModelResource):  # type: ignore[misc]
    """How a workbook becomes customers."""

    locals().update({name: Field(attribute=name, column_name=header) for name, header in HEADERS.items()})

    class Meta:  # noqa: D106
        model = Customer
        import_id_fields = ("name",)
        fields = tuple(HEADERS)
        use_bulk = True
        batch_size = 1000
        instance_loader_class = CachedInstanceLoader
        skip_diff = True
        report_skipped = False

    def __init__(self) -> None:
        """Remember the names of this workbook: rows that are written in bulk are not seen by the look-up."""
        super().__init__()
        self.seen: set[str] = set()

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        """A row that says again what an earlier one says."""
        known = instance.pk is not None or instance.name in self.seen
        self.seen.add(instance.name)
        return known

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """The checks; what fails here is reported for its row."""
        if not _PHONE.fullmatch(row["联系电话"] or ""):
            raise ValidationError({"phone": "不是有效的手机或座机号码"})
        if not re.search(r"\d", row["详细地址"] or ""):
            raise ValidationError({"address": "没有门牌号"})
        for name, allowed in LISTS.items():
            if row[HEADERS[name]] not in allowed:
                raise ValidationError({name: "不在可选范围内"})
        for header in row:
            row[header] = row[header] or ""


def main(share: Path, answers: Path) -> None:
    """Take every workbook: good rows stored, the wrong ones answered in a workbook."""
    answers.mkdir(exist_ok=True)
    with connection.schema_editor() as editor:
        editor.create_model(Customer)
    good = wrong = again = 0
    for source in sorted(share.glob("*/投递/*.xlsx")):
        data = tablib.Dataset().load(source.read_bytes(), format="xlsx")
        result = Customers().import_data(data, raise_errors=False, use_transactions=True)
        if result.has_errors():
            raise RuntimeError([str(each) for row in result.error_rows for each in row.errors] + result.base_errors)
        failed = [(row.number, [str(row.error)]) for row in result.invalid_rows]
        said = tablib.Dataset(*((number, "；".join(words)) for number, words in failed), headers=("行", "说明"))
        (answers / source.name).write_bytes(said.export("xlsx"))
        again += result.totals["skip"]
        good, wrong = good + result.totals["new"], wrong + len(failed)
    if good != Customer.objects.count():
        raise RuntimeError("not every row that was called good was stored")
    print(json.dumps({"收下": good, "退回": wrong, "重复": again}, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[3]))
