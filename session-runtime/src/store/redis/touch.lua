-- ARGV: the expected version, seen at, the end.
local slot, problem = read()
if problem then return { problem } end
if not slot or slot.s ~= '0' then return { 'gone' } end
if slot.v ~= ARGV[2] then return { 'moved' } end
slot.n, slot.e = math.max(slot.n, tonumber(ARGV[3])), math.max(slot.e, tonumber(ARGV[4]))
put(slot)
return { 'done' }
