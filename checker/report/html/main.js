// The state of the page, and what changes it: select_program(), select_run(), select().

const state = {
  program: null,
  run: null,
  row: -1,
  past: new Uint8Array(0),  // of the current row, see past_of()
  all_arrows: true,
  wants_compact: null,      // null: as it fits
  outcomes_shown: 50,
  findings_shown: 10,
};

function select_program(program, run) {
  if (program !== state.program) {
    state.program = program;
    state.run = null;
    show_program();
  }
  const worst = program.report.findings.map((one) => program.run_of.get(one.token)).find(Boolean);
  const first = run || worst || program.runs[0];
  if (first) select_run(first);
  else show_no_run();
}

// Where a run is opened: at the last point of its first failure, else at its first deviation.
function select_run(run) {
  const model = model_of(run);
  if (run.findings.length > 0) return select_bug(run, run.findings[0]);
  return select(run, model.deviation_rows[0] ?? 0);
}

function select(run, row) {
  if (run.program !== state.program) select_program(run.program, run);
  const is_other_run = run !== state.run;
  state.run = run;
  const model = model_of(run);
  state.row = Math.min(row, model.rows.length - 1);
  state.past = past_of(model, state.row);
  if (is_other_run) {
    show_run();
    draw_run();
  }
  reveal_current();
  draw_visible();
  at('slider').value = state.row;
  const name = state.row < 0 ? 'no steps' : `step ${step_name(model, state.row)}`;
  at('slider').setAttribute('aria-valuetext', name);
  show_details();
  write_address_soon();
}

function show_run() {
  const { run } = state;
  const model = model_of(run);
  const which = at('which');
  const bad = run.findings.length > 0 || (run.outcome && is_bad(run.outcome));
  which.replaceChildren(
    make('b', bad ? 'bad' : 'good', bad ? '✗' : '✓'),
    make('span', 'mono', run_in_words(run)),
    copy_button(state.program, run.token));
  which.title = replay_command(state.program, run.token);
  at('slider').max = Math.max(0, model.rows.length - 1);
  at('compact').setAttribute('aria-pressed', layout.is_compact);
  show_ticks(model);
  show_selection();
  lanes_box.scrollTop = 0;
}

// Where deviations and points of failure are, above the slider. The thumb is 16 pixels wide.
function show_ticks(model) {
  const last = Math.max(1, model.rows.length - 1);
  const place = (row) => `calc(8px + (100% - 16px) * ${(row / last).toFixed(5)})`;
  const tick = (kind, row, y) =>
    `<rect class="${kind}" style="x:${place(row)}" y="${y}" width="2" height="${10 - y}"/>`;
  const deviations = model.deviation_rows.slice(0, 1000);
  at('ticks').innerHTML = deviations.map((row) => tick('deviation', row, 3)).join('') +
                          model.bugs.map((one) => tick('bug', one.row, 0)).join('');
}

function show_no_run() {
  drawn_rows.forEach(({ element }) => element.remove());
  drawn_rows.clear();
  drawn = '';
  lines.replaceChildren();
  canvas.querySelector('.ending')?.remove();
  const why = make('div', 'ending', 'no run to show: the report has no token');
  why.style.top = '8px';
  rows_box.append(why);
  heads.replaceChildren();
  at('details').replaceChildren();
  at('which').replaceChildren();
}

function show_signs() {
  const signs = [
    ['▶', 'a deviation from the default schedule: the choices that make this run what it is'],
    ['✗', 'a point of failure'],
    ['●', 'an event took effect'],
    ['○', 'its goroutine waits (⏸); dashes until it goes on'],
    ['▸', 'an arrow: its tail happens before its head, by Go’s memory model'],
    ['┃', 'a bar left of a lane: a lock is held; a broken bar: it is held shared'],
    ['▒', 'shaded: all that happens before the current step; the rest could be in another order'],
    ['→ v', 'the value that was read or received'],
    ['·', 'no step of its own: an operation that waits until it can be done'],
  ];
  const shown = signs.flatMap(([sign, text]) => [make('dt', '', sign), make('dd', '', text)]);
  at('signs').append(...shown);
}

show_signs();
wire_up();
if (programs.length > 0) follow_address();
