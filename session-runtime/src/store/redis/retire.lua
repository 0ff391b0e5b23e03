-- The old row of a replacement. ARGV: the expected version, whether it is kept, the new id.
local slot, problem = read()
if problem then return { problem } end
if not slot then return { 'gone' } end
if slot.t and has(slot.x, ARGV[4]) then return { 'done' } end
if slot.s ~= '0' and slot.s ~= '1' then return { 'gone' } end
if slot.v ~= ARGV[2] then return told('conflict', slot) end
if slot.s == '0' then
  slot.t, slot.x, slot.a = now, '', now
  slot.s = ARGV[3] == '1' and '1' or '2'
end
if #slot.x >= 16 * 32 then return { 'gone' } end
slot.x = slot.x .. ARGV[4]
put(slot)
return { 'done' }
