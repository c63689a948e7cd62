using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.ServiceDefaults;

/// <summary>What a service may change of its defaults; section <c>Service</c> of the configuration, which has the last word.</summary>
public sealed class ServiceDefaultsOptions
{
    public const string Section = "Service";

    /// <summary>
    /// True: <c>/ready</c> answers 200 as soon as the host has started. False: the service itself says when,
    /// with <see cref="Health.ReadinessGate.MarkReady"/>.
    /// </summary>
    public bool ReadyOnStart { get; set; } = true;

    /// <summary>Largest request body in bytes; more is 413. Kestrel's own default is 30 MB.</summary>
    [Range(1024, int.MaxValue)]
    public long MaxRequestBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>How long a stop may take, from the signal to the end of the process.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(25);
}
