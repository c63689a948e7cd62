using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AgentPlatform.Tests.Api.Identity;

/// <summary>An issuer of JWTs that a service under test is told to believe.</summary>
internal static class TestTokens
{
    /// <summary>What the API calls who presents one.</summary>
    public const string Caller = "sub:tester";

    private const string Issuer = "https://issuer.example.org";
    private const string Audience = "agentplatform";

    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    /// <summary>The settings by which a service believes the tokens, as <c>Section:Name</c>.</summary>
    public static IReadOnlyList<(string Key, string Value)> Settings { get; } =
    [
        ("Authentication:Schemes:Bearer:ValidIssuer", Issuer),
        ("Authentication:Schemes:Bearer:ValidAudiences:0", Audience),
        ("Authentication:Schemes:Bearer:SigningKeys:0:Issuer", Issuer),
        ("Authentication:Schemes:Bearer:SigningKeys:0:Value", Convert.ToBase64String(Key)),
    ];

    /// <param name="tenant">Null for a token that names none.</param>
    /// <param name="expires">From now.</param>
    /// <param name="key">Signs it; the right one when left out.</param>
    public static string Of(
        string? tenant = "local", string scope = "run read approve admin", string audience = Audience, string issuer = Issuer, TimeSpan? expires = null, byte[]? key = null)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var end = now + (expires ?? TimeSpan.FromHours(1));
        var claims = new Dictionary<string, object> { ["sub"] = "tester", ["scope"] = scope };
        if (tenant is not null)
        {
            claims["tenant"] = tenant;
        }

        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            Claims = claims,
            IssuedAt = end - TimeSpan.FromHours(2),
            NotBefore = end - TimeSpan.FromHours(2),
            Expires = end,
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(key ?? Key), SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>The same claims, and <c>alg: none</c> instead of a signature.</summary>
    public static string Unsigned()
    {
        var parts = Of().Split('.');
        return $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.";
    }
}
