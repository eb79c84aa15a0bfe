/** Server and key: tested before they are kept. */
const { api, ask } = OkrCoach;
const at = (id) => document.getElementById(id);
const kept = await api.storage.local.get({ server: "http://127.0.0.1:8000", key: "", sites: [] });
at("server").value = kept.server;
at("key").value = kept.key;

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
  const server = at("server").value.trim().replace(/\/+$/u, "");
  const key = at("key").value.trim();
  const { protocol, hostname } = new URL(server);
  const origins = [`${protocol}//${hostname}/*`];
  if (!(await api.permissions.contains({ origins })) && !(await api.permissions.request({ origins }))) {
    at("said").textContent = "Without permission for this server nothing can be asked.";
    return;
  }
  at("said").textContent = "Asking …";
  const answer = await ask({ kind: "test", server, key });
  at("said").textContent = answer.ok ? `${answer.message} Saved.` : `${answer.message} Nothing was saved.`;
  if (answer.ok) await api.storage.local.set({ server, key });
});
