using AgentPlatform.Api.Identity;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>Tells the executor who the caller is, for what is audited.</summary>
internal sealed class ActorHandler(IHttpContextAccessor accessor) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (accessor.HttpContext is { } context)
        {
            request.Headers.TryAddWithoutValidation(InternalWire.ActorHeader, Uri.EscapeDataString(CallerClaims.NameOf(context)));
        }

        return base.SendAsync(request, cancellationToken);
    }
}
