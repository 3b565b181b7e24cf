// Moving about: keys, buttons, the slider, the address; copying; the help.

function move(by) {
  select(state.run, Math.max(0, Math.min(state.run.model.rows.length - 1, state.row + by)));
}

// The next of these rows, or the first one again.
function to_next_of(rows, direction = 1) {
  if (rows.length === 0) return false;
  const beyond = rows.filter((row) => (row - state.row) * direction > 0);
  const from = beyond.length > 0 ? beyond : rows;
  select(state.run, direction > 0 ? Math.min(...from) : Math.max(...from));
  return true;
}

function to_deviation(direction) {
  const { deviation_rows } = state.run.model;
  if (!to_next_of(deviation_rows, direction)) say('this run follows the default schedule');
}

// Through the points of failure of all findings, each once.
function to_bug() {
  const points = state.program.runs.filter((run) => run.findings.length > 0)
    .flatMap((run) => model_of(run).bugs.map(({ row }) => ({ run, row })));
  if (points.length === 0) return say('nothing is wrong in what was explored');
  const here = points.findIndex((one) => one.run === state.run && one.row === state.row);
  const in_run = points.findIndex((one) => one.run === state.run && one.row > state.row);
  const first_in_run = points.findIndex((one) => one.run === state.run);
  const first = in_run >= 0 ? in_run : Math.max(0, first_in_run);
  const to = here >= 0 ? (here + 1) % points.length : first;
  return select(points[to].run, points[to].row);
}

function select_bug(run, finding) {
  const bugs = model_of(run).bugs.filter((one) => one.finding === finding);
  select(run, bugs.length ? bugs[bugs.length - 1].row : 0);
}

function to_outcome(direction) {
  const { report, run_of } = state.program;
  const shown = report.outcomes.map((one) => run_of.get(one.token)).filter(Boolean);
  if (shown.length === 0) return;
  const here = shown.indexOf(state.run);
  select_run(shown[here < 0 ? 0 : (here + direction + shown.length) % shown.length]);
}

function to_own_next() {
  if (state.row < 0) return;
  const next = state.run.model.next[state.row];
  if (next >= 0) select(state.run, next);
  else say(`${state.run.model.rows[state.row].goroutine} does nothing more`);
}

function toggle_arrows() {
  state.all_arrows = !state.all_arrows;
  at('all-arrows').setAttribute('aria-pressed', state.all_arrows);
  draw_visible();
}

function toggle_compact() {
  state.wants_compact = !layout.is_compact;
  draw_run();
  reveal_current();
  draw_visible();
  at('compact').setAttribute('aria-pressed', layout.is_compact);
}

const page_rows = () => Math.max(1, Math.floor(lanes_box.clientHeight / row_height) - 4);

const keys = {
  j: () => move(1), k: () => move(-1), ArrowDown: () => move(1), ArrowUp: () => move(-1),
  PageDown: () => move(page_rows()), PageUp: () => move(-page_rows()),
  Home: () => move(-Infinity), End: () => move(Infinity),
  n: () => to_deviation(1), N: () => to_deviation(-1), b: to_bug,
  o: () => to_outcome(1), O: () => to_outcome(-1), g: to_own_next,
  y: () => copy(replay_command(state.program, state.run.token), 'the command'),
  a: toggle_arrows, c: toggle_compact,
  p: () => select_program(programs[(programs.indexOf(state.program) + 1) % programs.length]),
  '?': () => at('help').showModal(),
};

// Keys belong to the page unless an element takes them itself.
function on_key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || at('help').open || !state.run) return;
  const target = event.target;
  if (target.tagName === 'SELECT' || target.tagName === 'INPUT' && event.key.length > 1) return;
  if (event.key.length > 1 && at('panel').contains(target)) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function wire_up() {
  document.addEventListener('keydown', on_key);
  at('slider').addEventListener('input', () => select(state.run, Number(at('slider').value)));
  at('to-previous').addEventListener('click', keys.k);
  at('to-next').addEventListener('click', keys.j);
  at('to-deviation').addEventListener('click', keys.n);
  at('to-bug').addEventListener('click', keys.b);
  at('to-outcome').addEventListener('click', keys.o);
  at('all-arrows').addEventListener('click', toggle_arrows);
  at('compact').addEventListener('click', toggle_compact);
  at('ask').addEventListener('click', keys['?']);
  canvas.addEventListener('click', (event) => {
    const row = event.target.closest('.row');
    if (row) select(state.run, Number(row.dataset.row));
  });
  const draw = () => state.run && draw_visible();
  lanes_box.addEventListener('scroll', () => requestAnimationFrame(draw), { passive: true });
  window.addEventListener('resize', () => {
    if (!state.run) return;
    draw_run();
    draw_visible();
  });
  window.addEventListener('hashchange', follow_address);
}

// The address: #program=lock-order&run=5t~k4&step=6

// Browsers refuse it when it comes too often, as when a key is held down.
let address_timer = 0;
function write_address_soon() {
  clearTimeout(address_timer);
  address_timer = setTimeout(write_address, 120);
}

function write_address() {
  const name = encodeURIComponent(state.program.report.program);
  const parts = programs.length > 1 ? [`program=${name}`] : [];
  parts.push(`run=${encodeURIComponent(state.run.token)}`);
  if (state.row >= 0) parts.push(`step=${step_name(state.run.model, state.row)}`);
  const address = `#${parts.join('&')}`;
  if (location.hash === address) return;
  try {
    history.replaceState(null, '', address);
  } catch {
    location.hash = address;  // where a file has no history
  }
}

// Of a token that is not here the part before its check may be enough.
function follow_address() {
  clearTimeout(address_timer);
  const told = new URLSearchParams(location.hash.slice(1).replace(/\+/g, '%2B'));
  const program = programs.find((one) => one.report.program === told.get('program')) ||
    programs.find((one) => one.run_of.has(told.get('run'))) || programs[0];
  const token = told.get('run');
  const found = token && (program.run_of.get(token) ||
    program.runs.find((one) => one.token.split('~')[0] === token.split('~')[0]));
  if (program !== state.program) select_program(program, found);  // which writes the address anew
  if (token && !found) return say(`there is no run ${token} on this page`);
  const run = found || state.run;
  if (!run) return undefined;
  if (!told.has('step')) return run !== state.run && select_run(run);
  const row = row_of_step(model_of(run), told.get('step'));
  if (row < 0) say(`run ${run.token} has no step ${told.get('step')}`);
  return select(run, Math.max(0, row));
}

// A page in a file may not be allowed to use the clipboard; then the old command does it.
async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(`${what} is copied: ${text}`);
  } catch {
    say(copy_by_selection(text) ? `${what} is copied: ${text}` : `copy this: ${text}`);
  }
}

function copy_by_selection(text) {
  const field = make('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  document.body.append(field);
  const had_focus = document.activeElement;
  field.select();
  let copied = false;
  try {
    copied = document.execCommand('copy');
  } catch {
    copied = false;
  }
  field.remove();
  if (had_focus) had_focus.focus();
  return copied;
}

// A line at the bottom, for a while.
let said_timer = 0;
function say(text) {
  at('said').textContent = text;
  at('said').classList.add('shown');
  clearTimeout(said_timer);
  said_timer = setTimeout(() => at('said').classList.remove('shown'), 2600);
}
