using AgentPlatform.Core.Identity;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Quotas;

/// <summary>Everything that is wrong with the limits, at once.</summary>
internal sealed class QuotaOptionsValidator : IValidateOptions<QuotaOptions>
{
    private const int Most = 1_000_000;

    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(31);

    public ValidateOptionsResult Validate(string? name, QuotaOptions options)
    {
        var errors = new List<string>();
        Check(QuotaOptions.Section, options, errors);
        foreach (var (tenant, limits) in options.Tenants)
        {
            var place = $"{QuotaOptions.Section}:{nameof(QuotaOptions.Tenants)}:{tenant}";
            if (!TenantNames.IsValid(tenant))
            {
                errors.Add($"{place} names no tenant: {TenantNames.Rule}.");
            }

            var isLimited = limits is not { Requests: null, Concurrent: null };
            if (limits.Unlimited == isLimited)
            {
                errors.Add(isLimited
                    ? $"{place}: Unlimited goes with neither Requests nor Concurrent: remove one or the other."
                    : $"{place} limits nothing: give it Requests or Concurrent, or Unlimited = true.");
            }

            Check(place, limits, errors);
        }

        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    private static void Check(string place, QuotaLimits limits, List<string> errors)
    {
        CheckNumber(nameof(limits.Requests), limits.Requests);
        CheckNumber(nameof(limits.Concurrent), limits.Concurrent);
        if (limits.Burst is { } burst && (burst < 1 || burst > limits.Requests || limits.Requests is null))
        {
            errors.Add($"{place}:Burst must be from 1 to Requests, which it is a part of.");
        }

        if (limits.Period < ShortestPeriod || limits.Period > LongestPeriod)
        {
            errors.Add($"{place}:Period must be a time span from {ShortestPeriod} to {LongestPeriod}.");
        }

        void CheckNumber(string name, int? number)
        {
            if (number is < 1 or > Most)
            {
                errors.Add($"{place}:{name} must be from 1 to {Most}.");
            }
        }
    }
}
