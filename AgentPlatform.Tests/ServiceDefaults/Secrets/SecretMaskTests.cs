using System.Diagnostics;
using AgentPlatform.ServiceDefaults.Secrets;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace AgentPlatform.Tests.ServiceDefaults.Secrets;

public sealed class SecretMaskTests
{
    private const string Secret = "s3cr3t/of+many \"signs\":42";

    /// <summary>Where a secret is set, and the part of the value that is one.</summary>
    public static TheoryData<string, string, string> Settings => new()
    {
        { "OPENAI_API_KEY", "sk-canary-0001", "sk-canary-0001" },
        { "Models:Default:ApiKey", "sk-canary-0002", "sk-canary-0002" },
        { "Tools:Secrets:anything", "canary 0003", "canary 0003" },
        { "Tools:Http:t:Headers:X-Whatever", "canary-0004", "canary-0004" },
        { "Tools:Mcp:Servers:s:Headers:Authorization", "Bearer canary-0005", "canary-0005" },
        { "Tools:Mcp:Servers:s:Environment:GITHUB_TOKEN", "canary-0006", "canary-0006" },
        { "Tools:Http:t:Url", "https://example.org/x?api_key=canary-0007&q={q}", "canary-0007" },
        { "Internal:Key", "canary-0008-of-24-characters", "canary-0008-of-24-characters" },
        { "ConnectionStrings:agentdb", "Host=h;Username=u;Password=canary-0009;Database=d", "canary-0009" },
        { "ConnectionStrings:cache", "127.0.0.1:6379,password=canary-0010,abortConnect=false", "canary-0010" },
        { "AGENTDB_URI", "postgresql://u:canary-0011@h:5432/d", "canary-0011" },
        { "OTEL_EXPORTER_OTLP_HEADERS", "x-otlp-api-key=canary-0012,other=canary-0013", "canary-0013" },
        { "Authentication:Schemes:Bearer:SigningKeys:0:Value", "Y2FuYXJ5LTAwMTQ=", "Y2FuYXJ5LTAwMTQ=" },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_secret_of_the_configuration_is_taken_out_of_any_text(string key, string value, string secret) =>
        Assert.Equal($"it said {SecretMask.Mark}!", MaskOf((key, value)).Hide($"it said {secret}!"));

    [Fact]
    public void A_secret_is_found_also_as_it_stands_in_a_URL_in_JSON_and_in_a_Basic_header()
    {
        var mask = MaskOf(("Tools:Secrets:x", Secret));

        foreach (var form in (string[])[Uri.EscapeDataString(Secret), System.Text.Json.JsonEncodedText.Encode(Secret).ToString(), Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Secret))])
        {
            Assert.Equal($"a {SecretMask.Mark} b", mask.Hide($"a {form} b"));
        }
    }

    [Theory]
    [InlineData("ConnectionStrings:agentdb", "Host=h;Password=postgres", "postgres")]
    [InlineData("Models:Default:ApiKey", "none", "none")]
    [InlineData("Models:Default:MaxTokens", "100000000", "100000000")]
    [InlineData("Identity:RememberKeys", "00:00:30.500", "00:00:30.500")]
    [InlineData("Tools:Http:t:Headers:Accept", "application/json", "application/json")]
    public void What_is_no_secret_stays(string key, string value, string word) => Assert.Equal(word, MaskOf((key, value)).Hide(word));

    [Theory]
    [InlineData("key ap_0123456789012345678901234567890123456789 of", "key [redacted] of")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl", "[redacted]")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", "[redacted]")]
    [InlineData("authorization: Bearer abcdefgh.ijkl", "authorization: Bearer [redacted]")]
    [InlineData("GET /x?token=abc&limit=3", "GET /x?token=[redacted]&limit=3")]
    [InlineData("GET /x?access_token=abc&api_key=def", "GET /x?access_token=[redacted]&api_key=[redacted]")]
    [InlineData("Host=h;Password=abc;Port=1", "Host=h;Password=[redacted];Port=1")]
    [InlineData("max_tokens=7 and tokens=8, monkey=9", "max_tokens=7 and tokens=8, monkey=9")]
    [InlineData("ap_0123456 is how a key is shown", "ap_0123456 is how a key is shown")]
    public void In_logs_and_telemetry_also_what_looks_like_a_credential(string text, string shown)
    {
        Assert.Equal(shown, SecretMask.None.HideAll(text));
        Assert.Equal(text, SecretMask.None.Hide(text));
    }

    [Fact]
    public void A_secret_that_changes_is_known_at_once()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Tools:Secrets:x", "the first secret 1")]).Build();
        var mask = SecretMask.Of(configuration);
        Assert.Equal(SecretMask.Mark, mask.Hide("the first secret 1"));

        configuration["Tools:Secrets:x"] = "the second secret 2";
        configuration.Reload();
        configuration["Tools:Secrets:x"] = "the second secret 2";

        Assert.Equal(SecretMask.Mark, mask.Hide("the second secret 2"));
    }

    [Fact]
    public void Spans_are_exported_without_secrets_in_tags_in_the_status_and_in_recorded_exceptions()
    {
        using var span = new Activity("call").Start();
        span.SetTag("url.full", "https://example.org/?token=abc").SetTag("many", new[] { "Password=abc", "plain" }).SetTag("count", 3);
        span.SetStatus(ActivityStatusCode.Error, "401: Incorrect API key provided: canary-0001");
        span.AddException(new InvalidOperationException("refused canary-0001"));
        span.Stop();

        using var processor = new MaskedSpans(MaskOf(("OPENAI_API_KEY", "canary-0001")));
        processor.OnEnd(span);

        Assert.Equal("https://example.org/?token=[redacted]", span.GetTagItem("url.full"));
        Assert.Equal(["Password=[redacted]", "plain"], Assert.IsType<string[]>(span.GetTagItem("many")));
        Assert.Equal(3, span.GetTagItem("count"));
        Assert.Equal((ActivityStatusCode.Error, "401: Incorrect API key provided: [redacted]"), (span.Status, span.StatusDescription));
        Assert.Equal("refused [redacted]", span.Events.Single().Tags.Single(tag => tag.Key == "exception.message").Value);
        Assert.DoesNotContain(span.Events.Single().Tags, tag => tag.Value?.ToString()?.Contains("canary", StringComparison.Ordinal) is true);
    }

    private static SecretMask MaskOf(params (string Key, string Value)[] settings) => SecretMask.Of(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
}
