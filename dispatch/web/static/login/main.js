// Signing in: a key goes in once, the session stays in a cookie no script can read.
import { api } from "../shared/api.js";
import { byId, icon } from "../shared/dom.js";
import "../shared/theme.js";
import { addWords, getLanguage, setLanguage, t, translatePage } from "../shared/words.js";

addWords(
  { signIn: "Sign in", token: "Key", tokenHint: "The key the service printed when it first started, or the one you were given.", enter: "Sign in", wrong: "This key opens nothing.", noService: "The service does not answer." },
  { signIn: "登录", token: "密钥", tokenHint: "服务首次启动时显示的密钥，或分配给您的密钥。", enter: "登录", wrong: "密钥无效。", noService: "服务没有响应。" },
);

/** Only a path of this site; anything else goes to the board. */
function whereTo(session) {
  const asked = new URLSearchParams(location.search).get("next") || "";
  if (/^\/(?![/\\])/.test(asked)) return asked;
  return session.role === "technician" ? "/me" : "/";
}

async function signIn(event) {
  event.preventDefault();
  byId("fault").textContent = "";
  try {
    location.assign(whereTo(await api.signIn(byId("token").value.trim())));
  } catch (fault) {
    byId("fault").textContent = t(fault.status ? "wrong" : "noService");
    byId("token").select();
  }
}

function setWords() {
  translatePage();
  byId("lang").textContent = getLanguage() === "zh" ? "English" : "中文";
}

byId("logo").append(icon("logo"));
byId("form").addEventListener("submit", signIn);
byId("lang").addEventListener("click", () => {
  setLanguage(getLanguage() === "zh" ? "en" : "zh");
  setWords();
});
setWords();
byId("token").focus();
