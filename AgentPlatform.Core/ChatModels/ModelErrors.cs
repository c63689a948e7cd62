using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Net;

namespace AgentPlatform.Core.ChatModels;

/// <summary>Reads what went wrong out of the exceptions of a model call.</summary>
public static class ModelErrors
{
    /// <summary>Never throws; what it does not recognise is a reply that could not be read.</summary>
    public static ModelFailure Classify(Exception exception) => exception switch
    {
        ModelCallException known => known.Failure,
        ClientResultException { Status: > 0 } response => FromStatus(response),
        ClientResultException { InnerException: { } inner } => Classify(inner),
        ClientResultException => new ModelFailure(ModelErrorKind.Unreachable, IsTransient: true),
        OperationCanceledException or TimeoutException => new ModelFailure(ModelErrorKind.Timeout),
        HttpRequestException { StatusCode: { } status } => FromStatus((int)status, default, null),
        HttpRequestException or IOException => new ModelFailure(ModelErrorKind.Unreachable, IsTransient: true),
        AggregateException { InnerException: { } inner } => Classify(inner),
        _ => new ModelFailure(ModelErrorKind.BadReply),
    };

    private static ModelFailure FromStatus(ClientResultException exception)
    {
        var response = exception.GetRawResponse();
        return FromStatus(exception.Status, ModelErrorBody.Read(response), RetryAfter(response));
    }

    private static ModelFailure FromStatus(int status, ModelErrorBody body, TimeSpan? retryAfter) => status switch
    {
        _ when body.IsContentFilter => new ModelFailure(ModelErrorKind.ContentFilter),
        _ when body.IsContextOverflow => new ModelFailure(ModelErrorKind.ContextOverflow),
        (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Forbidden => new ModelFailure(ModelErrorKind.Unauthorized),
        (int)HttpStatusCode.RequestTimeout => new ModelFailure(ModelErrorKind.Timeout, retryAfter, IsTransient: true),
        (int)HttpStatusCode.RequestEntityTooLarge => new ModelFailure(ModelErrorKind.ContextOverflow),
        // A used-up quota does not come back within seconds.
        (int)HttpStatusCode.TooManyRequests => new ModelFailure(ModelErrorKind.RateLimited, retryAfter, IsTransient: !body.IsQuotaUsedUp),
        >= 500 => new ModelFailure(ModelErrorKind.ServerError, retryAfter, IsTransient: true),
        >= 400 => new ModelFailure(ModelErrorKind.BadRequest),
        _ => new ModelFailure(ModelErrorKind.BadReply),
    };

    /// <summary>Seconds, in <c>retry-after-ms</c> or <c>retry-after</c>; the date form of the header is not used by model endpoints.</summary>
    private static TimeSpan? RetryAfter(PipelineResponse? response) =>
        Number(response, "retry-after-ms") is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds)
        : Number(response, "retry-after") is { } seconds ? TimeSpan.FromSeconds(seconds)
        : null;

    private static double? Number(PipelineResponse? response, string header) =>
        response is not null && response.Headers.TryGetValue(header, out var text)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < 86_400_000
            ? number
            : null;
}
