-- Removes an expired slot. ARGV: the owner in whose index the id was found.
local slot, problem = stored()
if problem then return { 'kept' } end
if not slot then return { 'stale', '0' } end
if now >= gone_at(slot) then
  redis.call('DEL', key)
  return { 'stale', (slot.s == '0' or slot.s == '1') and '1' or '0' }
end
if slot.s == '0' and slot.o == ARGV[2] then return { 'kept' } end
return { 'stale', '0' }
