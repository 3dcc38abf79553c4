// Binds the phone that opened the invitation; a messenger's preview runs no script and binds nothing.
const told = document.getElementById("told");

async function bind() {
  try {
    const answer = await fetch(`/i/${encodeURIComponent(document.body.dataset.code)}`, { method: "POST" });
    const said = await answer.json();
    if (answer.ok) {
      told.textContent = "已绑定，正在打开……";
      location.replace("/");
      return;
    }
    told.textContent = `${said.words}。`;
  } catch (error) {
    told.textContent = "没有网络，请连上网络后重新打开这个网址。";
  }
  told.classList.add("refuse");
}

bind();
