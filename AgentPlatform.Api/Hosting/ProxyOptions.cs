using System.ComponentModel.DataAnnotations;
using System.Net;

namespace AgentPlatform.Api.Hosting;

/// <summary>
/// Section <c>ForwardedHeaders</c>: which proxies in front are believed when they say for whom and by which scheme they ask (<c>X-Forwarded-For</c>, <c>X-Forwarded-Proto</c>).
/// With none named nobody is.
/// </summary>
internal sealed class ProxyOptions : IValidatableObject
{
    public const string Section = "ForwardedHeaders";

    /// <summary>Addresses of proxies.</summary>
    public List<string> KnownProxies { get; set; } = [];

    /// <summary>Networks whose every address is a proxy's, such as <c>10.0.0.0/8</c>.</summary>
    public List<string> KnownNetworks { get; set; } = [];

    /// <summary>How many proxies a request may have passed, one behind the other.</summary>
    [Range(1, 10)]
    public int ForwardLimit { get; set; } = 1;

    public bool AreNamed => KnownProxies.Count + KnownNetworks.Count > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
    [
        .. KnownProxies.Where(proxy => !IPAddress.TryParse(proxy, out _)).Select(proxy => new ValidationResult(
            $"{Section}:{nameof(KnownProxies)} holds '{proxy}', which is no address: write one such as 10.0.0.7.", [nameof(KnownProxies)])),
        .. KnownNetworks.Where(network => !IPNetwork.TryParse(network, out _)).Select(network => new ValidationResult(
            $"{Section}:{nameof(KnownNetworks)} holds '{network}', which is no network: write one such as 10.0.0.0/8.", [nameof(KnownNetworks)])),
    ];
}
