namespace AgentPlatform.Api.Quotas;

/// <summary>
/// Run by Redis as one step, on Redis' own clock: processes whose clocks differ count alike. Times are microseconds, written without exponent because Lua
/// would drop digits.
/// </summary>
internal static class QuotaScripts
{
    /// <summary>
    /// KEYS: bucket, places. ARGV: interval (0: no bucket), burst, concurrent (0: no places), lease, name of the place.
    /// Gives: 0 counted, 1 the bucket or 2 the places do not allow it; until the bucket is full; until one may ask again; how many places are taken.
    /// What is refused takes nothing. A bucket cannot be emptier than empty: what it was under other limits, or on another server's clock, does not outlive them.
    /// </summary>
    public const string Take =
        """
        local t=redis.call('TIME')
        local now=tonumber(t[1])*1000000+tonumber(t[2])
        local interval,burst,concurrent,lease=tonumber(ARGV[1]),tonumber(ARGV[2]),tonumber(ARGV[3]),tonumber(ARGV[4])
        local full,taken=now,0
        if interval>0 then
          full=math.max(now,tonumber(redis.call('GET',KEYS[1]) or now))
          if full>now+burst*interval then
            full=now+burst*interval
            redis.call('SET',KEYS[1],string.format('%.0f',full),'PX',string.format('%.0f',math.ceil((full-now)/1000)))
          end
          local over=full+interval-now-burst*interval
          if over>0 then return {1,full-now,over,0} end
        end
        if concurrent>0 then
          redis.call('ZREMRANGEBYSCORE',KEYS[2],'-inf',string.format('%.0f',now))
          taken=redis.call('ZCARD',KEYS[2])
          if taken>=concurrent then return {2,full-now,0,taken} end
          redis.call('ZADD',KEYS[2],string.format('%.0f',now+lease),ARGV[5])
          redis.call('PEXPIRE',KEYS[2],string.format('%.0f',lease/1000))
          taken=taken+1
        end
        if interval>0 then
          full=full+interval
          redis.call('SET',KEYS[1],string.format('%.0f',full),'PX',string.format('%.0f',math.ceil((full-now)/1000)))
        end
        return {0,full-now,0,taken}
        """;

    /// <summary>KEYS: places. ARGV: lease, names of places. Also puts back what a restarted Redis has forgotten.</summary>
    public const string Renew =
        """
        local t=redis.call('TIME')
        local held=string.format('%.0f',tonumber(t[1])*1000000+tonumber(t[2])+tonumber(ARGV[1]))
        for i=2,#ARGV do redis.call('ZADD',KEYS[1],held,ARGV[i]) end
        redis.call('PEXPIRE',KEYS[1],string.format('%.0f',tonumber(ARGV[1])/1000))
        return #ARGV-1
        """;
}
