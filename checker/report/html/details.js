// The current step: what it is, its source, its value and who wrote that, what it waits for, what
// comes before it, and what could have run in its place.

const row_link = (row) => {
  const { model } = state.run;
  const one = model.rows[row];
  const name = one.step === null ? '' : `step ${one.step} `;
  return button('link', `${name}${one.goroutine} ${row_in_words(state.run, row).text}`,
                'go to this step', () => select(state.run, row));
};

function show_details() {
  const box = at('details');
  const { model } = state.run;
  const row = model.rows[state.row];
  if (!row) return box.replaceChildren(make('p', 'faint', 'no events'));
  const words = row_in_words(state.run, state.row);
  const head = make('h2');
  head.append(make('span', 'faint', row.step === null ? 'between steps' : `step ${row.step}`),
              make('b', '', row.goroutine), make('span', 'mono', words.text));
  const facts = make('dl');
  const fact = (name, ...what) => {
    if (what.length === 0) return;
    const value = make('dd');
    value.append(...what);
    facts.append(make('dt', '', name), value);
  };
  tell_choice(row, fact);
  tell_value(row, fact);
  tell_locks(fact);
  fact('after', ...spaced(model.after[state.row].slice(0, 12).map(row_link)));
  fact('before', ...spaced(model.leads_to[state.row].slice(0, 12).map(row_link)));
  const parts = [head, source_shown(row), facts];
  const choices = choices_at(state.run, state.row);
  if (choices.length > 0) parts.push(choices_shown(choices));
  return box.replaceChildren(...parts);
}

const spaced = (elements) => elements.flatMap((one, i) => (i === 0 ? [one] : [' ', one]));

function tell_choice(row, fact) {
  if (row.deviation) {
    const mark = make('span', 'deviation', `▶ ${row.deviation}`);
    const words = row.deviation.split('.').map(deviation_in_words).join('; ');
    fact('deviation', mark, ` ${words}, not the default`);
  }
  const bug = state.run.model.bugs.find((one) => one.row === state.row);
  if (bug) fact('✗', make('b', 'bad', bug.finding.verdict), ` ${summary_of(bug.finding)}`);
}

function tell_value(row, fact) {
  if (!row.value) return;
  const parts = [make('span', 'mono value', row.value)];
  const writer = writer_of(state.run.model, state.row);
  if (writer >= 0) parts.push(make('span', 'faint', '  from '), row_link(writer));
  fact('value', ...parts);
}

function tell_locks(fact) {
  const { model } = state.run;
  const row = model.rows[state.row];
  const held = locks_at(model, state.row);
  if (held.length > 0) {
    fact('holds', ...spaced(held.map((lock) => {
      const since = model.rows[lock.from].step;
      const text = `${lock.object}${lock.shared ? ' (shared)' : ''} since step ${since}`;
      return button('link', text, 'go to this step', () => select(state.run, lock.from));
    })));
  }
  if (!row.waits) return;
  const holder = holder_at(model, state.row);
  const parts = [waits_for_ever(state.run, state.row) ? 'for ever' : 'until it is woken'];
  if (holder) parts.push(`: ${model.lanes[holder.lane].name} holds it, `, row_link(holder.from));
  fact('⏸ waits', ...parts);
}

// Source

function source_shown(row) {
  const place = make('p', 'place', row.at || 'a place that is not known');
  const colon = (row.at || '').lastIndexOf(':');
  const file = sources[(row.at || '').slice(0, colon)];
  const line = Number((row.at || '').slice(colon + 1));
  if (!file) return place;
  const code = make('code');
  const numbers = [];
  for (let number = line - 4; number <= line + 4; ++number) {
    if (file[number] !== undefined) numbers.push(number);
  }
  const texts = numbers.map((number) => file[number]).filter((text) => text.trim());
  const indents = texts.map((text) => /^\s*/.exec(text)[0].length);
  const indent = Math.min(...indents);
  for (const number of numbers) {
    const one = make('span', number === line ? 'line here' : 'line');
    one.append(make('i', '', (number === line ? '▸ ' : '') + number),
               file[number].slice(indent) || ' ');
    code.append(one);
  }
  const pre = make('pre', 'source');
  const both = make('div');
  pre.append(code);
  both.append(place, pre);
  return both;
}

// Choices

function choices_shown(choices) {
  const box = make('div', 'choices');
  box.append(make('h3', '', 'could also have run'));
  const list = make('ul');
  for (const choice of choices) {
    const item = make('li');
    const what = [choice.goroutine, choice.text].filter(Boolean).join(' ') || choice.deviation;
    if (choice.run) {
      const title = `${choice.at || ''}  the nearest run that did: ${choice.run.token}`;
      const is_wrong = choice.run.findings.length > 0;
      item.append(
        button('link', what, title, () => select(choice.run, row_where_parts(choice.run))),
        make('span', is_wrong ? 'bad' : 'good', is_wrong ? '✗' : '✓'));
    } else {
      item.append(make('span', '', what), make('span', 'faint', 'in no run of this page'));
    }
    item.append(copy_button(state.program, choice.run ? choice.run.token : choice.token));
    list.append(item);
  }
  box.append(list);
  return box;
}

// Of another run the row with the step that is current here.
function row_where_parts(run) {
  const row = row_of_step(model_of(run), step_name(state.run.model, state.row));
  return row < 0 ? 0 : row;
}
