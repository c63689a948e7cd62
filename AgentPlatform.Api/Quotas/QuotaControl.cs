using AgentPlatform.Api.Identity;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Quotas;

/// <summary>
/// Puts an endpoint behind the <see cref="QuotaGate"/>. Only what costs a run stands there: who may not ask any more can still look, cancel and decide.
/// It counts when it comes, whatever becomes of it; an answer from the cache and a repetition count too.
/// </summary>
internal static class QuotaControl
{
    /// <summary>For a place to become free there is no time that one could name.</summary>
    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(1);

    public static IServiceCollection AddQuotas(this IServiceCollection services)
    {
        services.AddOptions<QuotaOptions>()
            .BindConfiguration(QuotaOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<QuotaOptions>, QuotaOptionsValidator>());
        services.TryAddSingleton<QuotaBook>();
        services.TryAddSingleton<SharedQuotas>();
        services.TryAddSingleton<HeldPlaces>();
        services.TryAddSingleton<LocalBuckets>();
        services.TryAddSingleton<RefusalLog>();
        services.TryAddSingleton<QuotaGate>();
        return services.AddHostedService<QuotaRenewal>();
    }

    /// <summary>Refuses with 429 <c>rate_limited</c> what is beyond the caller's or the tenant's quota. State 429 among the endpoint's problems.</summary>
    public static TBuilder WithQuota<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.AddEndpointFilter<TBuilder, QuotaFilter>();

    /// <summary>The same for who learns only from the body that the request costs a run. Null: let in, until the last byte is sent.</summary>
    public static async ValueTask<ProblemHttpResult?> EnterAsync(HttpContext context, CancellationToken cancellationToken) =>
        await AskAsync(context, cancellationToken) is { } verdict ? ProblemOf(verdict) : null;

    private static async ValueTask<QuotaVerdict?> AskAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var gate = context.RequestServices.GetRequiredService<QuotaGate>();
        var verdict = await gate.EnterAsync(Tenant.Of(context), CallerClaims.NameOf(context), cancellationToken);
        if (verdict?.Place is { } place)
        {
            // A streamed answer is made after the endpoint has returned.
            context.Response.RegisterForDispose(place);
        }

        return verdict;
    }

    private static ProblemHttpResult? ProblemOf(QuotaVerdict verdict) => verdict switch
    {
        { Counted.Refused: null } => null,
        { Counted.Refused: QuotaKind.Requests, Quota: var quota, Counted.Wait: var wait } => Problem.Result(
            StatusCodes.Status429TooManyRequests, ProblemCodes.RateLimited,
            $"Your key or token may ask {quota.Requests} times in {quota.Period.TotalSeconds:0} s, at most {quota.Burst} times at once, and has. Wait {Math.Ceiling(wait.TotalSeconds):0} s, and pace your requests by the RateLimit headers.",
            retryAfter: wait),
        { Counted.Refused: QuotaKind.Concurrent, Quota: var quota } => Problem.Result(
            StatusCodes.Status429TooManyRequests, ProblemCodes.RateLimited,
            $"Your tenant may have {quota.Concurrent} requests under way at a time, and has. Send it again when one of them has ended, or let background runs (POST /runs) wait instead.",
            retryAfter: SoonAgain),
        _ => Problem.Result(
            StatusCodes.Status503ServiceUnavailable, ProblemCodes.QuotaUnavailable,
            "Requests cannot be counted now, and uncounted ones are not answered here. Send it again in a moment.",
            retryAfter: verdict.Counted.Wait),
    };

    private sealed class QuotaFilter : IEndpointFilter
    {
        public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
        {
            var http = context.HttpContext;
            if (await AskAsync(http, http.RequestAborted) is not { } verdict)
            {
                return await next(context);
            }

            if (verdict.Counted.Refused is not QuotaKind.Outage)
            {
                QuotaHeaders.Write(http.Response.Headers, verdict);
            }

            return ProblemOf(verdict) ?? await next(context);
        }
    }
}
