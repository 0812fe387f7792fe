// GraphiQL as the gateway serves it to developers. In the sandbox profile: one tab for each sandbox
// person, examples that run, and a menu of the personas whose token is sent. In production: neither
// people nor personas.
//
// `npm run build` (made by `make setup`) writes it to ../static/graphiql/, from where
// gateway/graphiql_page.py serves it. Nothing is fetched from any other host.
import "graphiql/setup-workers/vite";
// The parts of GraphiQL's style, not the whole: that brings the fonts Roboto and Fira Code (which
// has no ơ, ư or any letter with two marks) and Monaco's style, which Monaco brings itself.
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "./style.css";

import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";

import { Bar } from "./bar.jsx";
import { readConfiguration, Session } from "./session.js";
import { MemoryStorage } from "./storage.js";
import { TabNames } from "./tab-names.jsx";

const asText = (value) => JSON.stringify(value, null, 2);

/** What stands in the editors of a tab, as GraphiQL wants it: texts. */
const contents = ({ query, variables, headers }) => ({
  query,
  variables: asText(variables),
  headers: headers && Object.keys(headers).length > 0 ? asText(headers) : null,
});

function Page({ configuration }) {
  const session = new Session(configuration);
  const tabs = configuration.tabs.map(contents);
  const examples = configuration.examples.map((example) => ({
    title: example.title,
    ...contents(example),
  }));
  return (
    <GraphiQL
      fetcher={session.ask}
      storage={new MemoryStorage()}
      defaultTabs={tabs.length > 0 ? tabs : undefined}
      initialVariables={tabs[0]?.variables}
      initialHeaders={tabs[0]?.headers ?? undefined}
      showPersistHeadersSettings={false}
    >
      <GraphiQL.Logo>{null}</GraphiQL.Logo>
      <Bar session={session} examples={examples} />
      <TabNames names={configuration.tabs.map((tab) => tab.title)} />
    </GraphiQL>
  );
}

const root = createRoot(document.getElementById("workbench"));
try {
  root.render(<Page configuration={await readConfiguration()} />);
} catch {
  root.render(
    <p className="lt-sentence">
      Không đọc được cấu hình của trang: cổng kết nối còn chạy không? (The page could not read its
      configuration: is the gateway still running?)
    </p>,
  );
}
