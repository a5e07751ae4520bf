-- Finds the pledge that a key made, and changes nothing: {0, position, entry}, or nil.
-- ARGV: mark of the idempotency key (14)
local pos = find(ARGV[1])
return pos and {0, pos, entry(pos)}
