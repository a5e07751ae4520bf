-- Counts the marks of the weeks that are looked up: {week, what the counter says, marks held; ...}, flat.
local found = {}
for _, in_week in ipairs({week - 1, week, week + 1}) do
  local held, level = 0, 0
  repeat
    local at_level = 0
    for n = 0, FANOUT ^ level - 1 do
      at_level = at_level + redis.call('HLEN', base .. 'i:' .. in_week .. ':' .. level .. ':' .. n)
    end
    held, level = held + at_level, level + 1
  until at_level == 0
  for _, value in ipairs({in_week, redis.call('HGET', KEYS[1], 'i' .. in_week) or '0', held}) do
    found[#found + 1] = value
  end
end
return found
