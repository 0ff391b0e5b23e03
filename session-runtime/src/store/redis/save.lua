-- ARGV: the row, the expected version, whether the end moves.
local slot, problem = read()
if problem then return { problem } end
if not slot or slot.s ~= '0' then return { 'gone' } end
if slot.v == ARGV[2] then return { 'done' } end
if slot.v ~= ARGV[7] then return told('conflict', slot) end
local new = row(2)
if ARGV[8] ~= '1' then new.e = slot.e end
put(new)
return { 'done' }
