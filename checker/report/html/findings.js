// What is wrong: the findings of a program, in the words of the reports on a terminal. All of it is
// told by the JSON: who waits for what and why, who races, the lines of a refuted history, when it
// was decided.

const involved_shown_max = 20;

function show_findings() {
  const box = at('findings');
  const { findings } = state.program.report;
  box.hidden = findings.length === 0;
  box.replaceChildren(heading('What is wrong', findings.length > 1 ? String(findings.length) : ''));
  findings.slice(0, state.findings_shown).forEach((finding) => box.append(finding_shown(finding)));
  if (findings.length <= state.findings_shown) return;
  box.append(button('more', `all ${findings.length} findings`, '', () => {
    state.findings_shown = Infinity;
    show_findings();
    show_selection();
  }));
}

// `panic: a and b differ` stands after its verdict.
function summary_of({ verdict, summary }) {
  return summary.startsWith(`${verdict}: `) ? summary.slice(verdict.length + 2) : summary;
}

function finding_shown(finding) {
  const run = state.program.run_of.get(finding.token);
  const box = make('div', 'finding');
  box.finding = finding;
  const head = make('p', 'summary');
  head.append(make('b', 'bad', `✗ ${finding.verdict}`), ` ${summary_of(finding)}`);
  box.append(head);
  for (const panic of (finding.panics || []).slice(1)) {
    box.append(make('p', 'faint', `then panic: ${panic}`));
  }
  const cycle = finding.cycle || [];
  if (cycle.length > 0) box.append(make('p', 'cycle', [...cycle, cycle[0]].join(' ─▸ ')));
  (finding.accesses || []).forEach((a, i) => box.append(access_shown(run, a, i > 0)));
  const involved = finding.goroutines.slice(0, involved_shown_max);
  box.append(...involved.map((g) => involved_shown(run, g, finding)));
  const left = finding.goroutines.length - involved.length;
  if (left > 0) box.append(make('p', 'faint', `… and ${left.toLocaleString('en')} more`));
  if (finding.explanation) box.append(make('pre', 'explanation', finding.explanation));
  box.append(turn_shown(run, finding));
  if (run) {
    const foot = make('p', 'foot');
    const go_there = () => select_bug(run, finding);
    foot.append(button('link', 'show', 'go to the point of failure', go_there),
                copy_button(state.program, finding.token),
                make('span', 'faint', size_in_words(finding)));
    box.append(foot);
  }
  return box;
}

const called = (name, label) => (label ? `${name} ${label}` : name);
const at_place = (place) => (place ? `, ${place}` : '');

// A goroutine that waits, loops or ended the program.
function involved_shown(run, g, finding) {
  const line = make('p', 'involved');
  const waits = g.waits_for || g.why;
  const says = g.operation && !finding.summary.startsWith(g.operation) ? g.operation : '';
  const what = make('span', 'mono', waits ? `⏸ ${g.operation || g.waits_for}` : says);
  line.append(make('b', '', called(g.name, g.label)), what);
  if (g.at) line.append(' ', place_link(run, g.name, g.at));
  const fact = (...parts) => {
    const shown = make('span', 'facts');
    shown.append(...parts);
    line.append(shown);
  };
  for (const held of g.holds_since || []) {
    fact(held.as === 'reader' ? 'reads ' : 'holds ', `${held.object} since `,
         step_link(run, held.step), at_place(held.at));
  }
  if (g.why) fact(...with_step_links(run, g.why));
  for (const one of g.loop || []) {
    fact(`↻ ${one.operation}${one.value ? ` → ${one.value}` : ''}`, at_place(one.at));
  }
  const origins = origins_of(g);
  if (origins) fact(origins);
  return line;
}

// Where the goroutine comes from, and what it waits for.
function origins_of(g) {
  const started = g.created_at ? `started by ${g.created_by}, ${g.created_at}` : '';
  const made = g.made_at ? `${g.waits_for} made at ${g.made_at}`
    : g.made_as ? `${g.waits_for} made as ${g.made_as}` : '';
  return [started, made].filter(Boolean).join(' · ');
}

function access_shown(run, a, is_later) {
  const line = make('p', 'involved');
  const what = make('span', 'mono', a.operation + (a.value ? ` → ${a.value}` : ''));
  const place = a.at ? place_link(run, a.goroutine, a.at, a.step)
    : make('span', 'place', '(operator)');
  line.append(make('b', '', called(a.goroutine, a.label)), what, ' ', place);
  const facts = make('span', 'facts');
  const verb = a.kind === 'made' ? 'makes it' : `${a.kind}s`;
  facts.append(verb, ...(a.step ? [' at ', step_link(run, a.step)] : []),
               is_later ? ', and nothing orders the two' : '');
  line.append(facts);
  if (a.created_at) line.append(make('span', 'facts', `started at ${a.created_at}`));
  return line;
}

// `5 steps, 1 preemption (the fewest)`
function size_in_words({ steps, preemptions, minimal, shrunk_from }) {
  const size = (one) => `${counted(one.steps, 'step')}, ${counted(one.preemptions, 'preemption')}`;
  let text = size({ steps, preemptions });
  if (minimal === 'proved' && preemptions > 0) text += ' (the fewest)';
  if (minimal === '1-minimal' && preemptions > 0) text += ' (none can be left out)';
  return shrunk_from ? `${text}, shrunk from ${size(shrunk_from)}` : text;
}

// When it was decided, which two operations decide, and the nearest run without it.
function turn_shown(run, finding) {
  const facts = make('dl');
  const fact = (name, ...what) => {
    const value = make('dd');
    value.append(...what);
    facts.append(make('dt', '', name), value);
  };
  if (finding.deciding_operation) fact('decided', ...decided_in_words(run, finding));
  if (finding.swap_operations) {
    const told = ({ step, goroutine, operation }) =>
      [`${goroutine} ${operation}`, ...(step ? [' at ', step_link(run, step)] : [])];
    const [first, second] = finding.swap_operations;
    fact('order', ...told(first), ', then ', ...told(second),
         `; with these two swapped, the rest alike, there is no ${noun_of(finding)}`);
  }
  if (finding.good) fact('good', ...good_in_words(run, finding));
  return facts;
}

// What a run has that fails so: it may have others beside it, or without it.
function noun_of({ verdict }) {
  const long = { fatal: 'fatal error', 'not-linearizable': 'history that is not linearizable' };
  return long[verdict] ?? verdict;
}

function decided_in_words(run, finding) {
  const { deciding_operation, deciding_exhausted } = finding;
  const { step, goroutine, operation } = deciding_operation;
  const every = deciding_exhausted ? 'every schedule' : 'every schedule that was tried';
  if (!step) return [`before the first step: ${every} has a ${noun_of(finding)}`];
  const what = operation ? `: ${goroutine} ${operation}` : '';
  return ['at ', step_link(run, step), `${what}; from there on ${every} has a ${noun_of(finding)}`];
}

function good_in_words(run, finding) {
  const { token, first_difference, without } = finding.good;
  const good = state.program.run_of.get(token);
  const go_there = () => select(good, row_where(good, first_difference));
  const what = `there is no ${noun_of(finding)}`;
  return [without ? `without ${without} ` : `with ${token} `,
          good ? button('link', what, `go to the run ${token}`, go_there) : what,
          '; first difference at ', step_link(run, first_difference)];
}

// Links

// The row of a step; of one that the run does not have the last one.
function row_where(run, step) {
  const row = row_of_step(model_of(run), step);
  return row < 0 ? model_of(run).rows.length - 1 : row;
}

function step_link(run, step) {
  const text = `step ${step}`;
  if (!run || !step) return text;
  return button('link', text, 'go to this step', () => select(run, row_where(run, step)));
}

// `held by g2 since step 5, a.cpp:3`, in which the step is a link.
function with_step_links(run, text) {
  return text.split(/\bstep ([1-9]\d*)\b/)
    .map((part, i) => (i % 2 === 1 ? step_link(run, Number(part)) : part));
}

// A place, which leads to the last step there of the goroutine.
function place_link(run, goroutine, place, step) {
  if (!run) return make('span', 'place', place);
  return button('link place', place, 'go to this step', () => {
    const { rows } = model_of(run);
    let row = rows.length - 1;
    while (row >= 0 && !(step ? rows[row].step === step
      : rows[row].goroutine === goroutine && rows[row].at === place)) --row;
    select(run, Math.max(0, row));
  });
}
