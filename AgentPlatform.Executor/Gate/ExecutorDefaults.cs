using AgentPlatform.ServiceDefaults;

namespace AgentPlatform.Executor.Gate;

/// <summary>Where an executor differs from what services are by default.</summary>
internal static class ExecutorDefaults
{
    /// <summary>A question with its conversation, up to 1 MiB at the API, arrives in other words and with more around it.</summary>
    private const long MaxRequestBodyBytes = 8 * 1024 * 1024;

    public static void Set(ServiceDefaultsOptions defaults)
    {
        defaults.ReadyOnStart = false;
        defaults.MaxRequestBodyBytes = MaxRequestBodyBytes;
    }
}
