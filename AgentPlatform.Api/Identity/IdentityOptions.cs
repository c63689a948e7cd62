using System.ComponentModel.DataAnnotations;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Identity;

/// <summary>Section <c>Identity</c>: how callers prove who they are. JWTs are configured as everywhere in ASP.NET Core, in <c>Authentication:Schemes:Bearer</c>.</summary>
internal sealed class IdentityOptions
{
    public const string Section = "Identity";

    /// <summary>Callers must bring an API key (or a JWT, where those are configured too).</summary>
    public bool ApiKeys { get; set; }

    /// <summary>The claim of a JWT that names the tenant.</summary>
    [Required]
    public string TenantClaim { get; set; } = "tenant";

    /// <summary>Whose admins decide what holds for all tenants, such as which version of a remote tool is used. Keys of it are made by command.</summary>
    [Required]
    public string OperatorTenant { get; set; } = InternalWire.LocalTenant;

    /// <summary>How long a key that was found good is taken as good; also how long a revoked one may still pass.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan RememberKeys { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a key passes that was good when last asked, while no executor can be asked.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan RememberKeysInOutage { get; set; } = TimeSpan.FromMinutes(5);
}
