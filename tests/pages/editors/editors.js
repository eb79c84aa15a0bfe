/** One kind of editor a page: `editors.html?tiptap` and so on; `another()` adds one, `renew()` changes the view. */
import { Editor } from "@tiptap/core";
import StarterKit from "@tiptap/starter-kit";
import { EditorState } from "@tiptap/pm/state";
import { EditorView } from "@tiptap/pm/view";
import { Schema } from "@tiptap/pm/model";
import { baseKeymap } from "@tiptap/pm/commands";
import { keymap } from "@tiptap/pm/keymap";
import { history, redo, undo } from "@tiptap/pm/history";
import Quill from "quill";
import { createEditor } from "lexical";
import { registerRichText } from "@lexical/rich-text";
import { createEmptyHistoryState, registerHistory } from "@lexical/history";
import { EditorView as CodeMirror, basicSetup } from "codemirror";
import { createElement, useState } from "react";
import { createRoot } from "react-dom/client";

const editors = {
  tiptap: (place) => new Editor({ element: place, extensions: [StarterKit] }),
  prosemirror(place) {
    const schema = new Schema({ nodes: { doc: { content: "paragraph+" }, paragraph: { content: "text*", toDOM: () => ["p", 0], parseDOM: [{ tag: "p" }] }, text: {} } });
    const plugins = [history(), keymap({ "Mod-z": undo, "Mod-y": redo, "Mod-Shift-z": redo }), keymap(baseKeymap)];
    new EditorView(place, { state: EditorState.create({ schema, plugins }) });
  },
  quill: (place) => new Quill(place, { theme: null, modules: { history: { delay: 0 } } }),
  lexical(place) {
    const field = document.createElement("div");
    field.contentEditable = "true";
    place.append(field);
    const editor = createEditor({ namespace: "test", onError: (error) => { throw error; } });
    editor.setRootElement(field);
    registerRichText(editor);
    registerHistory(editor, createEmptyHistoryState(), 0);
  },
  codemirror: (place) => new CodeMirror({ parent: place, extensions: [basicSetup, CodeMirror.lineWrapping] }),
  react(place) {
    function Form() {
      const [text, setText] = useState("");
      return createElement("div", null,
        createElement("textarea", { rows: 10, cols: 48, value: text, onChange: (event) => setText(event.target.value) }),
        createElement("output", { id: "state" }, text));
    }
    createRoot(place).render(createElement(Form));
  },
};

const kind = location.search.slice(1);

function another() {
  const place = document.createElement("div");
  document.body.append(place);
  editors[kind](place);
  return place;
}

let shown = another();
Object.assign(globalThis, {
  another,
  renew() {
    shown.remove();
    globalThis.history.pushState({}, "", `?${kind}#next`);
    shown = another();
  },
});
