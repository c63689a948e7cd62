using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Api.Admission;

/// <summary>
/// Puts an endpoint behind the <see cref="AdmissionGate"/>. Only what costs a run stands there: looking, cancelling, deciding and the endpoints of
/// operations never wait behind questions. The body of a refused question is not read.
/// </summary>
internal static class AdmissionControl
{
    private static readonly object Key = new();

    public static IServiceCollection AddAdmission(this IServiceCollection services)
    {
        services.AddOptions<AdmissionOptions>()
            .BindConfiguration(AdmissionOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddSingleton<AdmissionGate>();
        return services;
    }

    /// <summary>Lets in what can be answered in time and refuses the rest with 503 <c>overloaded</c>. State 503 among the endpoint's problems.</summary>
    public static TBuilder WithAdmission<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.AddEndpointFilter<TBuilder, AdmissionFilter>();

    /// <summary>The same for who learns only from the body that the request costs a run. Null: let in, until the last byte is sent.</summary>
    public static async ValueTask<ProblemHttpResult?> EnterAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var gate = context.RequestServices.GetRequiredService<AdmissionGate>();
        if (await gate.EnterAsync(cancellationToken) is not { } admitted)
        {
            return Refusal(gate);
        }

        // The place is held until the last byte is sent: a streamed answer is made after the endpoint has returned.
        context.Response.RegisterForDispose(admitted);
        context.Items[Key] = admitted;
        return null;
    }

    /// <summary>How long the request stood in the queue.</summary>
    public static TimeSpan Waited(HttpContext context) =>
        context.Items.TryGetValue(Key, out var admitted) ? ((Admitted)admitted!).Waited : TimeSpan.Zero;

    /// <summary>The refusal of a question that cannot be answered within its own timeout any more, now that this is known; else null.</summary>
    public static ProblemHttpResult? Late(HttpContext context, double timeoutSeconds)
    {
        var waited = Waited(context);
        if (waited == TimeSpan.Zero)
        {
            return null;
        }

        var gate = context.RequestServices.GetRequiredService<AdmissionGate>();
        return gate.IsTooLate(waited, TimeSpan.FromSeconds(timeoutSeconds)) ? Refusal(gate) : null;
    }

    private static ProblemHttpResult Refusal(AdmissionGate gate) => Problem.Result(
        StatusCodes.Status503ServiceUnavailable,
        ProblemCodes.Overloaded,
        "There are more questions than can be answered in time. Send it again later.",
        retryAfter: gate.ComeBackAfter);

    private sealed class AdmissionFilter : IEndpointFilter
    {
        public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
            await EnterAsync(context.HttpContext, context.HttpContext.RequestAborted) ?? await next(context);
    }
}
