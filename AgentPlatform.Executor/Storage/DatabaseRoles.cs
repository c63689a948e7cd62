namespace AgentPlatform.Executor.Storage;

/// <summary>
/// The roles in which the executor speaks to Postgres. They are the cluster's, cannot log in, and own or see what they need: the user of the connection string takes
/// one for each data source, so that the wall between tenants also stands when that user is a superuser.
/// </summary>
internal static class DatabaseRoles
{
    /// <summary>Owns the tables; migrations.</summary>
    public const string Owner = "agent_owner";

    /// <summary>The platform's own bookkeeping across tenants.</summary>
    public const string Writer = "agent_writer";

    /// <summary>Everything done for one tenant.</summary>
    public const string Application = "agent_app";

    /// <summary>Makes those that are missing. Executors of other databases of the cluster may do the same at this moment.</summary>
    public const string Create =
        $"""
        DO $do$
        DECLARE wanted text;
        BEGIN
            FOREACH wanted IN ARRAY ARRAY['{Owner}', '{Writer}', '{Application}'] LOOP
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                    BEGIN
                        EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
                    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
                    END;
                END IF;
            END LOOP;
        END $do$
        """;

    /// <summary>
    /// Lets the user of this connection take the roles, and the owner make tables. Whoever made a role in Postgres 16 and later is its administrator but may not
    /// take it before it was granted.
    /// </summary>
    public const string Grant =
        $"""
        DO $do$
        DECLARE wanted text; may_take boolean;
        BEGIN
            FOREACH wanted IN ARRAY ARRAY['{Owner}', '{Writer}', '{Application}'] LOOP
                IF current_setting('server_version_num')::int >= 160000 THEN
                    EXECUTE 'SELECT pg_has_role(session_user, $1, ''SET'')' INTO may_take USING wanted;
                ELSE
                    may_take := pg_has_role(session_user, wanted, 'MEMBER');
                END IF;
                IF NOT may_take THEN
                    EXECUTE format('GRANT %I TO %I', wanted, session_user);
                END IF;
                IF NOT has_schema_privilege(wanted, 'public', 'USAGE') THEN
                    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', wanted);
                END IF;
            END LOOP;
            IF NOT has_schema_privilege('{Owner}', 'public', 'CREATE') THEN
                GRANT CREATE ON SCHEMA public TO {Owner};
            END IF;
        END $do$
        """;

    /// <summary>What an administrator runs where the user of the connection string may not.</summary>
    public static string Remedy(string user) =>
        $"CREATE ROLE {Owner} NOLOGIN; CREATE ROLE {Writer} NOLOGIN; CREATE ROLE {Application} NOLOGIN; "
        + $"GRANT {Owner}, {Writer}, {Application} TO \"{user}\"; GRANT USAGE, CREATE ON SCHEMA public TO {Owner}";
}
