// The exploration tree: the schedules of the runs as a tree of their deviations from the default
// schedule. Runs that begin with the same deviations share a branch; a branch that does not part is
// one line.

const nodes_shown = 400;

function tree_of(runs) {
  const root = { deviation: '', children: new Map(), runs: [] };
  for (const run of runs) {
    let node = root;
    for (const deviation of run.deviations) {
      if (!node.children.has(deviation)) {
        node.children.set(deviation, { deviation, children: new Map(), runs: [] });
      }
      node = node.children.get(deviation);
    }
    node.runs.push(run);
  }
  return root;
}

function show_tree() {
  const box = at('tree');
  const { runs } = state.program;
  box.hidden = runs.length === 0;
  box.replaceChildren(heading('Schedules', 'by their deviations from the default'));
  const budget = { left: nodes_shown };
  const list = make('ul');
  list.append(node_shown(tree_of(runs), budget));
  box.append(list);
  if (budget.left <= 0) box.append(make('p', 'faint', `only ${nodes_shown} branches are shown`));
}

// A chain of nodes with one child each and no run is one line.
function node_shown(node, budget) {
  const item = make('li');
  const chain = [];
  while (node.runs.length === 0 && node.children.size === 1) {
    if (node.deviation) chain.push(node.deviation);
    [node] = node.children.values();
  }
  if (node.deviation) chain.push(node.deviation);
  --budget.left;
  const line = make('div', 'branch');
  line.append(chain_shown(chain));
  node.runs.forEach((run) => line.append(leaf_shown(run)));
  item.append(line);
  const children = [...node.children.values()]
    .sort((a, b) => step_of_deviation(a.deviation) - step_of_deviation(b.deviation));
  if (children.length === 0) return item;
  const list = make('ul');
  for (const child of children) {
    if (budget.left <= 0) break;
    list.append(node_shown(child, budget));
  }
  item.append(list);
  return item;
}

function chain_shown(chain) {
  if (chain.length === 0) return make('span', 'chain faint', 'default');
  const last = chain[chain.length - 1];
  const shown = chain.length <= 3 ? chain : [chain[0], `… ${chain.length - 2} more …`, last];
  const text = make('span', 'chain', shown.join(' '));
  text.title = chain.slice(0, 40).map(deviation_in_words).join('\n');
  return text;
}

function leaf_shown(run) {
  const bad = run.findings.length > 0 || (run.outcome && is_bad(run.outcome));
  const words = run_in_words(run);
  const leaf = button(bad ? 'leaf bad' : 'leaf', `${bad ? '✗' : '✓'} ${words}`, words,
                      () => select_run(run));
  leaf.run = run;
  return leaf;
}
