-- ARGV: the row.
local slot, problem = read()
if problem then return { problem } end
if slot then return { slot.s == '0' and slot.v == ARGV[2] and 'done' or 'taken' } end
put(row(2))
return { 'done' }
