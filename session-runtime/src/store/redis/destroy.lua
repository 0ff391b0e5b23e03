-- ARGV: '' or the owner whose sessions end, and the time when the id was entered in the owner's index.
local slot, problem = read()
-- A key that is not a hash is corrupt, and ends too.
if problem == 'corrupt' and redis.call('TYPE', key).ok ~= 'hash' then redis.call('DEL', key) end
if problem == 'newer' then return { problem } end
local is_row = slot and (slot.s == '0' or slot.s == '1')
local was_there = is_row
if ARGV[2] ~= '' then
  -- This ends a sign-in before it puts its row here. The row of another owner is not changed.
  local is_new = now < tonumber(ARGV[3]) + 60000
  local is_theirs = is_row and slot.o ~= ARGV[2]
  if is_theirs and (slot.o ~= '' or not is_new) then return { 'done', '0', '' } end
  if slot and not is_row then return { 'done', '0', '' } end
  was_there = slot and slot.s == '0' and slot.o == ARGV[2]
end
local told_ids = successors(slot)
put({ s = '3', a = now, t = slot and slot.t, x = slot and slot.x })
return { 'done', was_there and '1' or '0', told_ids }
