using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace AgentPlatform.Executor.Storage;

/// <summary>For <c>dotnet ef migrations add</c>: the model without a server.</summary>
internal sealed class AgentDbContextFactory : IDesignTimeDbContextFactory<AgentDbContext>
{
    public AgentDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<AgentDbContext>().UseNpgsql().UseSnakeCaseNamingConvention().Options);
}
