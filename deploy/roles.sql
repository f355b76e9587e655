-- 最小权限：看板只读账号、数据导入账号。
-- 由建库账号（数据库和各表的所有者，或超级用户）在业务库中执行，可重复执行：
--   psql -d governance -f deploy/roles.sql
-- 每次 python -m database upgrade、每次新建视图之后再执行一次。
-- 口令不写在文件里：建好后执行 ALTER ROLE governance_reader PASSWORD '……'; 导入账号同样。

DO $roles$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'governance_reader') THEN
        CREATE ROLE governance_reader LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'governance_loader') THEN
        CREATE ROLE governance_loader LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT;
    END IF;
END
$roles$;

-- 只读账号：事务只读；一次查询最多30秒；忘记关闭的事务一分钟后断开。
ALTER ROLE governance_reader SET default_transaction_read_only = on;
ALTER ROLE governance_reader SET statement_timeout = '30s';
ALTER ROLE governance_reader SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE governance_reader CONNECTION LIMIT 100;
ALTER ROLE governance_loader CONNECTION LIMIT 10;

DO $rights$
DECLARE
    -- 由本系统导入、汇总写入的表；县里以视图代替的，导入账号同样只读。
    written CONSTANT text[] := ARRAY[
        'regions', 'departments', 'work_groups', 'campaigns', 'tasks', 'task_departments', 'task_progress',
        'milestones', 'kpis', 'kpi_values', 'schemes', 'kpi_weights', 'cases', 'case_departments',
        'backlog_states', 'case_months', 'case_groups', 'department_months', 'kpi_scores', 'kpi_totals', 'task_totals',
        'data_releases'
    ];
    -- 只供读取的：县里的填报视图、版本号。
    only_read CONSTANT text[] := ARRAY['kpi_reports', 'alembic_version'];
    home CONSTANT text := current_schema();
    relation record;
BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO governance_reader, governance_loader', current_database());
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC, governance_reader, governance_loader', home);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO governance_reader, governance_loader', home);
    FOR relation IN
        SELECT c.relname AS name, c.relkind IN ('r', 'p') AND c.relname = ANY (written) AS is_table
        FROM pg_class c
        WHERE c.relnamespace = home::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
          AND c.relname = ANY (written || only_read)
    LOOP
        EXECUTE format('REVOKE ALL ON %I.%I FROM PUBLIC, governance_reader, governance_loader', home, relation.name);
        EXECUTE format('GRANT SELECT ON %I.%I TO governance_reader, governance_loader', home, relation.name);
        IF relation.is_table THEN
            EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %I.%I TO governance_loader', home, relation.name);
        END IF;
    END LOOP;
END
$rights$;
