namespace AgentPlatform.Api.Quotas;

/// <summary>Tells of each refused caller once in a while: whoever floods the API does not get to flood the log.</summary>
internal sealed partial class RefusalLog(TimeProvider timeProvider, ILogger<RefusalLog> logger)
{
    /// <summary>Beyond so many callers it begins anew.</summary>
    private const int Most = 1000;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Tenant, string Caller, string Kind), long> _told = [];

    public void Tell(string tenant, string caller, string kind)
    {
        if (IsNew((tenant, caller, kind)))
        {
            LogRefused(caller, tenant, kind);
        }
    }

    private bool IsNew((string, string, string) refusal)
    {
        lock (_lock)
        {
            if (_told.TryGetValue(refusal, out var last) && timeProvider.GetElapsedTime(last) < Quiet)
            {
                return false;
            }

            if (_told.Count >= Most)
            {
                _told.Clear();
            }

            _told[refusal] = timeProvider.GetTimestamp();
            return true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Caller} of the tenant {Tenant} is refused: {Kind}", EventName = "quota_exceeded")]
    private partial void LogRefused(string caller, string tenant, string kind);
}
