-- Removes the new row of a replacement, unless another attempt wrote it. ARGV: its version.
local slot = stored()
if slot and slot.s == '0' and slot.v == ARGV[2] then redis.call('DEL', key) end
return { 'done' }
