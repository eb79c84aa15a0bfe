for (const mode of ["open", "closed"]) {
  const root = document.getElementById(mode).attachShadow({ mode });
  root.innerHTML = '<textarea rows="10" cols="48"></textarea><div contenteditable="true" style="min-height:100px;border:1px solid">Write</div>';
  (window.roots ??= {})[mode] = root;
}
