document.getElementById("go").addEventListener("click", () => {
  history.pushState({}, "", "#next");
  document.getElementById("view").innerHTML = '<textarea rows="10" cols="48"></textarea>';
});
