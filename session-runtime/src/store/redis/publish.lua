-- ARGV: the notice.
redis.call('ZADD', key, 'NX', text(now), ARGV[2])
return { 'done' }
