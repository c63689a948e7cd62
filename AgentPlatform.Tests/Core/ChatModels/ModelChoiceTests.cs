using Microsoft.Extensions.Options;
using Xunit;

namespace AgentPlatform.Tests.Core.ChatModels;

public sealed class ModelChoiceTests
{
    [Theory]
    [InlineData("", "builtin", null, "builtin", "no model setting")]
    [InlineData("OPENAI_API_KEY=sk-1;OPENAI_MODEL=m", "openai", "api.openai.com", "m", "OPENAI_API_KEY")]
    [InlineData("OPENAI_BASE_URL=http://10.0.0.1:8000/v1;OPENAI_MODEL=m", "openai", "10.0.0.1:8000", "m", "OPENAI_BASE_URL")]
    [InlineData("OPENAI_BASE_URL=http://10.0.0.1:8000/v1;OPENAI_API_KEY=k;OPENAI_MODEL=m", "openai", "10.0.0.1:8000", "m", "OPENAI_BASE_URL")]
    [InlineData("AZURE_OPENAI_ENDPOINT=https://x.openai.azure.com/;AZURE_OPENAI_API_KEY=k;Models:Default:Model=d", "openai", "x.openai.azure.com", "d", "AZURE_OPENAI_ENDPOINT")]
    [InlineData("OPENAI_API_KEY=k;AZURE_OPENAI_ENDPOINT=https://x.openai.azure.com;OPENAI_MODEL=m", "openai", "api.openai.com", "m", "OPENAI_API_KEY")]
    [InlineData("Models:Default:Provider=builtin;OPENAI_API_KEY=k", "builtin", null, "builtin", "Models:Default:Provider")]
    [InlineData("Models:Default:Provider=Ollama;Models:Default:Model=llama3", "ollama", "localhost:11434", "llama3", "Models:Default:Provider")]
    [InlineData("Models:Default:Provider=ollama;Models:Default:Endpoint=http://box:11434;OPENAI_MODEL=q", "ollama", "box:11434", "q", "Models:Default:Provider")]
    [InlineData("Models:Default:Endpoint=http://box:1234/v1;Models:Default:Model=m", "openai", "box:1234", "m", "Models:Default:Endpoint")]
    [InlineData("OPENAI_API_KEY=k;OPENAI_MODEL=env;Models:Default:Model=setting", "openai", "api.openai.com", "setting", "OPENAI_API_KEY")]
    [InlineData("Models:Default:Provider=;Models:Default:ApiKey= ;Models:Default:Endpoint=;OPENAI_API_KEY=k;OPENAI_MODEL=m", "openai", "api.openai.com", "m", "OPENAI_API_KEY")]
    [InlineData("OPENAI_API_KEY= ;OPENAI_BASE_URL=", "builtin", null, "builtin", "no model setting")]
    public async Task The_default_model_is_chosen_from_settings_then_environment(string settings, string provider, string? host, string model, string chosenBy)
    {
        await using var models = await ModelHost.StartAsync(Parse(settings));

        var info = Assert.Single(models.Catalogue.Models);
        Assert.Equal(("default", provider, host, model, chosenBy), (info.Name, info.Provider, info.Host, info.Model, info.ChosenBy));
    }

    [Fact]
    public async Task Azure_gets_its_versioned_path()
    {
        await using var models = await ModelHost.StartAsync(Parse("AZURE_OPENAI_ENDPOINT=https://x.openai.azure.com/;AZURE_OPENAI_API_KEY=k;OPENAI_MODEL=d"));

        Assert.Contains("https://x.openai.azure.com/openai/v1", models.Default.SettingsDigestInput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Named_models_stand_beside_the_default_and_names_ignore_case()
    {
        await using var models = await ModelHost.StartAsync(Parse("Models:Fast:Provider=openai;Models:Fast:Endpoint=http://user:pw@box:1/v1;Models:Fast:Model=small;OPENAI_API_KEY=sk-secret;OPENAI_MODEL=big"));

        Assert.Equal("small", models.Catalogue.Get("fast").ModelId);
        Assert.Equal("big", models.Catalogue.Get("DEFAULT").ModelId);
        Assert.DoesNotContain("pw", models.Catalogue.Get("fast").SettingsDigestInput + models.Catalogue.Get("fast").Info, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret", models.Default.SettingsDigestInput + models.Default.Info, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_model_names_the_known_ones()
    {
        await using var models = await ModelHost.StartAsync(Parse("Models:fast:Provider=builtin"));

        var error = Assert.Throws<KeyNotFoundException>(() => models.Catalogue.Get("slow"));
        Assert.Contains("default, fast", error.Message, StringComparison.Ordinal);
        Assert.Null(models.Catalogue.TryGet("slow"));
    }

    [Fact]
    public async Task All_mistakes_are_reported_at_once_with_their_settings()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => ModelHost.StartAsync(Parse(
            "Models:Default:Provider=magic;Models:a:Provider=openai;Models:a:Endpoint=box;Models:b:Provider=builtin;Models:b:InputPrice=-1;Models:c:Provider=builtin;Models:c:OutputPrice=cheap;Models:d:InputPrice=1;Models:e:Provider=openai")));

        Assert.Equal(6, error.Failures.Count());
        Assert.All(["Models:Default:Provider", "Models:a:Endpoint", "Models:b", "Models:c:OutputPrice", "Models:d:Provider", "Models:e:ApiKey or OPENAI_API_KEY"], setting => Assert.Contains(setting, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cost_is_decimal_and_unknown_without_a_price()
    {
        await using var models = await ModelHost.StartAsync(Parse("Models:Default:Provider=builtin;Models:Default:InputPrice=2.50;Models:Default:OutputPrice=10;Models:half:Provider=openai;Models:half:Endpoint=http://127.0.0.1:9/v1;Models:half:ApiKey=k;Models:half:Model=m;Models:half:InputPrice=1;Models:free:Provider=builtin"));

        Assert.Equal(0.0035m, models.Default.Cost(1_000, 100));
        Assert.Equal(0m, models.Default.Cost(0, 0));
        Assert.Null(models.Catalogue.Get("half").Cost(1, 1));
        Assert.Equal(0.000001m, models.Catalogue.Get("half").Cost(1, 0));
        Assert.Equal(0m, models.Catalogue.Get("free").Cost(1, 1));
    }

    private static (string, string?)[] Parse(string settings) =>
        [.. settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(setting => (setting[..setting.IndexOf('=', StringComparison.Ordinal)], (string?)setting[(setting.IndexOf('=', StringComparison.Ordinal) + 1)..]))];
}
