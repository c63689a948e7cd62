using AgentPlatform.Api.Quotas;
using Xunit;

namespace AgentPlatform.Tests.Api.Quotas;

public sealed class QuotaOptionsTests
{
    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        var options = new QuotaOptions
        {
            Requests = 0,
            Burst = 5,
            Period = TimeSpan.Zero,
            Tenants =
            {
                ["a b"] = new TenantQuota { Concurrent = 3 },
                ["both"] = new TenantQuota { Requests = 3, Unlimited = true },
                ["nothing"] = new TenantQuota(),
            },
        };

        var errors = new QuotaOptionsValidator().Validate(null, options).Failures!.ToList();

        Assert.Equal(
            [
                "Quotas:Requests must be from 1 to 1000000.",
                "Quotas:Burst must be from 1 to Requests, which it is a part of.",
                "Quotas:Period must be a time span from 00:00:01 to 31.00:00:00.",
                "Quotas:Tenants:a b names no tenant: 1 to 64 characters of A–Z, a–z, 0–9 and _ . -.",
                "Quotas:Tenants:both: Unlimited goes with neither Requests nor Concurrent: remove one or the other.",
                "Quotas:Tenants:nothing limits nothing: give it Requests or Concurrent, or Unlimited = true.",
            ],
            errors);
    }

    [Fact]
    public void What_stands_in_the_documentation_is_good() =>
        Assert.True(new QuotaOptionsValidator().Validate(null, new QuotaOptions { Requests = 600, Burst = 100, Concurrent = 50 }).Succeeded);
}
