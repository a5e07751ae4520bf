-- Reads a run of the log as far as it goes, whatever the counters say: {entries, details}, each joined to one string.
-- ARGV: first position, how many
local log, det = {}, {}
local pos = tonumber(ARGV[1])
local past = pos + tonumber(ARGV[2])
while pos < past do
  local chunk, at, size = place(pos)
  local upto = math.min(size, at + past - pos)
  local part = redis.call('GETRANGE', base .. 'log:' .. chunk, at * ENTRY, upto * ENTRY - 1)
  if part == '' then break end
  log[#log + 1] = part
  det[#det + 1] = redis.call('GETRANGE', base .. 'det:' .. chunk, at * DETAILS, upto * DETAILS - 1)
  pos = pos + upto - at
end
return {table.concat(log), table.concat(det)}
