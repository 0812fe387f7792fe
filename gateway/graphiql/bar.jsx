// The bar above the editors: what this is, examples to open, and who asks.
import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { createPortal } from "react-dom";

export function Bar({ session, examples }) {
  return createPortal(
    <>
      <h1>Liên Thông</h1>
      {session.persona ? <Personas session={session} /> : <p>Chỉ đọc danh mục và chạy thử.</p>}
      <Examples examples={examples} />
    </>,
    document.getElementById("bar"),
  );
}

function Personas({ session }) {
  return (
    <>
      <p>Tỉnh giả định: không có dữ liệu thật.</p>
      <label>
        Người dùng:
        <select
          defaultValue={session.persona}
          onChange={(event) => {
            session.persona = event.target.value;
          }}
        >
          {session.personas.map((persona) => (
            <option key={persona}>{persona}</option>
          ))}
        </select>
      </label>
    </>
  );
}

/** Each example opens in a tab of its own, so that nothing typed is lost. */
function Examples({ examples }) {
  const { addTab } = useGraphiQLActions();
  const editors = useGraphiQL(({ queryEditor, variableEditor, headerEditor }) => ({
    queryEditor,
    variableEditor,
    headerEditor,
  }));
  const open = ({ query, variables, headers }) => {
    addTab();
    editors.queryEditor.setValue(query);
    editors.variableEditor.setValue(variables);
    editors.headerEditor.setValue(headers ?? "");
    editors.queryEditor.focus();
  };
  return (
    <div role="group" aria-label="Ví dụ">
      <span aria-hidden="true">Ví dụ:</span>
      {examples.map((example) => (
        <button
          key={example.title}
          type="button"
          disabled={!editors.queryEditor}
          onClick={() => open(example)}
        >
          {example.title}
        </button>
      ))}
    </div>
  );
}
