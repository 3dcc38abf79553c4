"""模板: the workbooks that people fill in, made from the forms.

template (a form's sheet, the personal workbook) with guide (填写说明); manual makes the pages of the documentation.
"""
