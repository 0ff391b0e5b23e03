local slot, problem = read()
if problem then return { problem } end
if not slot then return { 'absent' } end
if slot.s == '0' then return told('row', slot) end
if slot.s == '1' then return told('retired', slot) end
return { 'ended', slot.s, successors(slot) }
