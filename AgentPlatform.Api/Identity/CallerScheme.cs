using System.Security.Claims;
using System.Text.Encodings.Web;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Identity;

/// <summary>
/// Who calls, in this order:
/// <list type="number">
/// <item>one of our keys is asked about at the executor;</item>
/// <item>anything else goes to the JWT scheme, where one is configured;</item>
/// <item>without any identity configured (Development) the caller is the local tenant with all scopes. Keys that are not ours are ignored then: SDKs always
/// send one. Who presents a JWT is refused, because nobody could check it.</item>
/// </list>
/// </summary>
internal sealed class CallerScheme(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ConfiguredIdentity identity, KnownKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "Caller";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var presented = Credentials.Of(Request, out var areTwo);
        if (areTwo)
        {
            return AuthenticateResult.Fail("Two different keys.");
        }

        if (presented is not null && ApiKeyText.IsOurs(presented))
        {
            return await ByKeyAsync(presented);
        }

        if (identity.HasJwt)
        {
            return presented is null ? AuthenticateResult.NoResult() : await ByTokenAsync();
        }

        if (identity.IsConfigured)
        {
            return AuthenticateResult.NoResult();
        }

        return presented is not null && Credentials.LooksLikeJwt(presented)
            ? AuthenticateResult.Fail("JWTs are not configured.")
            : Success(new ClaimsPrincipal(CallerClaims.Identity(InternalWire.LocalTenant, "local", Scopes.All, Scheme.Name)));
    }

    private async Task<AuthenticateResult> ByKeyAsync(string key)
    {
        var standing = await keys.FindAsync(key, Context.RequestAborted);
        if (standing.IsUnknown)
        {
            Context.Features.Set(new IdentityUnavailable());
        }

        return standing.Holder is { } holder ? Success(CallerClaims.Of(holder, Scheme.Name)) : AuthenticateResult.Fail("The key is not good.");
    }

    private async Task<AuthenticateResult> ByTokenAsync()
    {
        var result = await Context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        return result.Succeeded && identity.Of(result.Principal) is { } caller
            ? Success(new ClaimsPrincipal(caller))
            : AuthenticateResult.Fail(result.Failure ?? new AuthenticationFailureException("The token names no tenant."));
    }

    private AuthenticateResult Success(ClaimsPrincipal principal) => AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name));
}
