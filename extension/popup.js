/** The switch for one site. Off until somebody turns it on; permission is asked for in the same click. */
const { api } = OkrCoach;
const at = (id) => document.getElementById(id);

const [tab] = await api.tabs.query({ active: true, currentWindow: true });
const address = (() => {
  try {
    const found = new URL(tab.url);
    return /^https?:$/u.test(found.protocol) ? found : null;
  } catch {
    return null;
  }
})();
const { sites } = await api.storage.local.get({ sites: [] });
const on = Boolean(address && sites.includes(address.origin));

at("site").textContent = address ? address.host : "This page can't be read by extensions.";
at("switch").hidden = !address;
at("switch").textContent = on ? "Switch off on this site" : "Switch on for this site";
at("state").textContent = on
  ? "Text that looks like an OKR is sent to your OKR Coach server and to nobody else."
  : "Nothing on this site is read or sent.";

at("switch").addEventListener("click", async () => {
  if (!on && !(await api.permissions.request({ origins: [`${address.protocol}//${address.hostname}/*`] }))) return;
  await api.runtime.sendMessage({ kind: "allow", site: address.origin, on: !on });
  close();
});
at("panel").addEventListener("click", async () => {
  if (api.sidePanel) await api.sidePanel.open({ windowId: tab.windowId });
  else await api.sidebarAction?.open();
  close();
});
at("options").addEventListener("click", () => api.runtime.openOptionsPage());
