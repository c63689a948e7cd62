using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Quotas;

/// <summary>Says each third of a lease what this process is still answering, so that only what a dead one answered runs out.</summary>
internal sealed class QuotaRenewal(QuotaBook book, IOptions<QuotaOptions> options, IServiceProvider services, TimeProvider timeProvider) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!book.LimitsConcurrency)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.Value.Lease / 3, timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // Not before: it needs Redis, whose first use may block.
            services.GetRequiredService<HeldPlaces>().Renew();
        }
    }
}
