/** Server, key and workspace: tested before they are kept. */
const { api, ask } = OkrCoach;
const at = (id) => document.getElementById(id);
const FIELDS = ["server", "key", "workspace", "team"];
const kept = await api.storage.local.get({ server: "http://127.0.0.1:8000", key: "", workspace: "", team: "", sites: [] });
for (const name of FIELDS) at(name).value = kept[name];

function list(sites) {
  at("sites").replaceChildren(
    ...sites.map((site) => {
      const item = document.createElement("li");
      const off = Object.assign(document.createElement("button"), { type: "button", textContent: "Switch off" });
      off.addEventListener("click", async () => {
        await ask({ kind: "allow", site, on: false });
        list(sites.filter((other) => other !== site));
      });
      item.append(`${site} `, off);
      return item;
    }),
  );
  if (!sites.length) at("sites").append("None yet: open the site and click the OKR Coach button.");
}
list(kept.sites);

at("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = Object.fromEntries(FIELDS.map((name) => [name, at(name).value.trim()]));
  given.server = given.server.replace(/\/+$/u, "");
  const { protocol, hostname } = new URL(given.server);
  const origins = [`${protocol}//${hostname}/*`];
  if (!(await api.permissions.contains({ origins })) && !(await api.permissions.request({ origins }))) {
    at("said").textContent = "Without permission for this server nothing can be asked.";
    return;
  }
  at("said").textContent = "Asking …";
  const answer = await ask({ kind: "test", ...given });
  at("said").textContent = answer.ok ? `${answer.message} Saved.` : `${answer.message} Nothing was saved.`;
  if (answer.ok) await api.storage.local.set(given);
});
