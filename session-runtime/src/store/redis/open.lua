-- The new row of a replacement. ARGV: the row, the version of the earlier attempt.
local slot, problem = read()
if problem then return { problem } end
if slot and slot.s ~= '0' then return { 'gone' } end
if slot and slot.v == ARGV[2] then return { 'done' } end
if slot and slot.v ~= ARGV[7] then return { 'gone' } end
put(row(2))
return { 'done' }
