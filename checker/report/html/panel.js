// The left side, and what is above: the program and its outcomes.

const at = (id) => document.getElementById(id);

// An element with a class and a text, which is never read as HTML. The sign of a wait is drawn:
// many fonts do not have it.
function make(tag, kind = '', text = '') {
  const element = document.createElement(tag);
  if (kind) element.className = kind;
  if (text === '') return element;
  String(text).split('⏸').forEach((part, i) => {
    if (i > 0) {
      const pause = element.appendChild(document.createElement('i'));
      pause.className = 'pause';
      pause.textContent = '⏸';
    }
    element.append(part);
  });
  return element;
}

function heading(text, beside = '') {
  const h = make('h2', '', text);
  if (beside) h.append(make('span', 'faint', beside));
  return h;
}

function button(kind, text, title, act) {
  const b = make('button', kind, text);
  if (title) b.title = title;
  b.addEventListener('click', act);
  return b;
}

const replay_command = (program, token) =>
  `${program.about.replay || `braid replay ${program.report.program}`} ${token}`;

function copy_button(program, token) {
  const b = button('copy', '', `copy the token ${token}\n${replay_command(program, token)}`,
                   () => copy(token, 'the token'));
  b.append(make('code', '', token), make('i', 'sheets'));
  b.dataset.token = token;
  b.setAttribute('aria-label', `copy the token ${token}`);
  return b;
}

// The header

function show_program() {
  const { report, about } = state.program;
  at('program').textContent = report.program;
  at('program').title = [about.summary, about.place].filter(Boolean).join('   ');
  show_tabs();
  show_verdict(report);
  at('figures').textContent = figures_of(report);
  at('banner').hidden = report.complete;
  const why = report.why_incomplete || 'not everything was explored';
  at('banner').textContent = `⚠ Not complete: ${why}`;
  const facts = make('span', 'faint', [about.place, about.summary].filter(Boolean).join('  ·  '));
  at('figures').prepend(facts);
  show_findings();
  show_outcomes();
  show_tree();
}

function show_verdict(report) {
  const verdicts = [...new Set(report.findings.map((one) => one.verdict))];
  const bad = verdicts.length > 0;
  at('verdict').className = bad ? 'bad' : report.complete ? 'good' : 'unsure';
  at('verdict').textContent = bad ? `✗ ${verdicts.join(', ')}`
    : report.complete ? '✓ nothing wrong' : '✓ nothing wrong so far';
}

function figures_of(r) {
  const shard = r.shard ? `, shard ${r.shard.index}/${r.shard.count}` : '';
  const how = `${r.strategy}, timers ${r.timers}${shard}`;
  const figures = [r.complete ? 'complete' : 'not complete',
    r.classes === null ? '' : counted(r.classes, 'class'), counted(r.outcomes.length, 'outcome'),
    counted(r.executions + r.blocked, 'run'), how];
  return figures.filter(Boolean).join('  ·  ');
}

// Tabs while they fit on a line.
function show_tabs() {
  const nav = at('programs');
  nav.hidden = programs.length < 2;
  if (nav.hidden) return;
  const sign_of = (r) => (r.findings.length ? '✗' : r.complete ? '✓' : '?');
  const name_of = (p) => `${sign_of(p.report)} ${p.report.program}`;
  if (programs.length > 5) {
    const select = make('select');
    select.setAttribute('aria-label', 'Program');
    const choice = (p, i) => new Option(name_of(p), i, false, p === state.program);
    select.append(...programs.map(choice));
    select.addEventListener('change', () => select_program(programs[select.value]));
    nav.replaceChildren(select);
    return;
  }
  nav.replaceChildren(...programs.map((p) => {
    const tab = button('tab', name_of(p), '', () => select_program(p));
    if (p === state.program) tab.setAttribute('aria-current', 'true');
    return tab;
  }));
}

// Outcomes

function show_outcomes() {
  const { report, about } = state.program;
  const box = at('outcomes');
  const is_sampled = about.sampled > 0;
  const runs = is_sampled ? about.sampled : report.executions;
  const unit = report.classes !== null ? 'class' : 'run';
  const how = is_sampled ? `of ${counted(runs, 'sampled run')}, ± at 95 %`
    : `of ${counted(runs, unit)}`;
  box.replaceChildren(heading('Outcomes', how));
  const list = make('ol');
  report.outcomes.slice(0, state.outcomes_shown).forEach((outcome, i) => {
    const count = is_sampled ? about.sampled_each[i] : outcome.count;
    list.append(outcome_shown(outcome, count, runs, is_sampled));
  });
  box.append(list);
  const stepless = report.outcomes.filter(({ token }) => token && !has_steps(token)).length;
  if (stepless > 0) {
    box.append(make('p', 'faint stepless',
                    `${stepless.toLocaleString('en')} of ${counted(report.outcomes.length, 'outcome')}`
                    + ` have no steps on this page: ${replay_command(state.program, 'TOKEN')}`));
  }
  if (report.outcomes.length <= state.outcomes_shown) return;
  box.append(button('more', `all ${report.outcomes.length} outcomes`, '', () => {
    state.outcomes_shown = Infinity;
    show_outcomes();
    show_selection();
  }));
}

const has_steps = (token) => state.program.run_of.get(token).events.length > 0;

function outcome_shown(outcome, count, runs, is_sampled) {
  const share = runs > 0 ? count / runs : 0;
  const bad = is_bad(outcome);
  const item = make('li', bad ? 'outcome bad' : 'outcome');
  if (outcome_in_words(outcome).length > (is_sampled ? 12 : 24)) item.classList.add('long');
  item.outcome = outcome;
  const run = state.program.run_of.get(outcome.token);
  const pick = button('pick', '', outcome_in_words(outcome), () => run && select_run(run));
  pick.disabled = !run;
  const bar = make('span', 'bar');
  bar.style.width = `${Math.max(0.5, 100 * share)}%`;
  const sign = bad ? '✗' : outcome.verdicts.includes('steps') ? '?' : '✓';
  const figures = make('span', 'figures');
  figures.append(make('span', 'sign', sign), make('span', 'count', count.toLocaleString('en')),
                 make('span', 'share', share_in_words(share)));
  if (is_sampled) {
    const width = 100 * reach_of_interval(count, runs);
    figures.append(make('span', 'interval', `± ${width.toFixed(2)}`));
  }
  const text = make('span', 'text');
  text.append(make('span', 'output', quoted(outcome.output)));
  if (outcome.errors) text.append(make('span', 'errors', `stderr ${quoted(outcome.errors)}`));
  ends_of(outcome).forEach((end) => text.append(make('b', bad ? 'bad' : '', end)));
  pick.append(bar, figures, text);
  item.append(pick);
  if (outcome.token) item.append(copy_button(state.program, outcome.token));
  return item;
}

function ends_of(outcome) {
  return outcome.verdicts.filter((one) => one !== 'ok').map((one) => {
    if (one === 'exit') return `exit ${outcome.exit_code}`;
    return one === 'crash' ? `crash, signal ${outcome.signal}` : one;
  });
}

// A run has an outcome, or at least a finding.
const run_in_words = (run) => (run.outcome ? outcome_in_words(run.outcome)
  : run.findings.map((one) => one.verdict).join(', '));

const outcome_in_words = (outcome) => [quoted(outcome.output), ...ends_of(outcome)].join(', ');

// What belongs to the current run is marked.
function show_selection() {
  for (const item of document.querySelectorAll('.outcome, .finding, .leaf')) {
    const is_current = item.outcome ? item.outcome === state.run.outcome
      : item.finding ? state.run.findings.includes(item.finding) : item.run === state.run;
    item.classList.toggle('current', is_current);
    if (item.tagName !== 'DIV') item.setAttribute('aria-current', is_current);
  }
}
