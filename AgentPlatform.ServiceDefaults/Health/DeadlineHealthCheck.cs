using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentPlatform.ServiceDefaults.Health;

/// <summary>
/// Gives any check an answer in time and in neutral words, also one that ignores its cancellation token or throws: the health page must
/// not hang on the dependency whose trouble it is to report, and an exception's text does not belong on it.
/// </summary>
internal sealed class DeadlineHealthCheck(IHealthCheck check, TimeProvider timeProvider) : IHealthCheck
{
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var failure = context.Registration.FailureStatus;
        using var deadline = new CancellationTokenSource(Deadline, timeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var result = await check.CheckHealthAsync(context, linked.Token).WaitAsync(linked.Token);
            return result is { Description: null, Status: not HealthStatus.Healthy }
                ? new HealthCheckResult(result.Status, "does not answer", result.Exception, result.Data)
                : result;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new HealthCheckResult(failure, $"no answer within {Deadline.TotalSeconds:0} s");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new HealthCheckResult(failure, "does not answer", exception);
        }
    }
}
