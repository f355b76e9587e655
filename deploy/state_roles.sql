-- 状态库（STATE_URL）的最小权限：看板账号只能往操作记录里添加和读取，不能改、删、清空、删表。
-- 看板第一次启动建好表以后，由库的所有者（不是 dashboard_state）在状态库中执行，可重复执行：
--   psql -d dashboard_state -f deploy/state_roles.sql
-- 每次程序升级、看板启动过一次以后再执行一次。

DO $roles$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dashboard_state') THEN
        CREATE ROLE dashboard_state LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dashboard_audit') THEN
        CREATE ROLE dashboard_audit NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT;
    END IF;
END
$roles$;

ALTER ROLE dashboard_state SET statement_timeout = '30s';
ALTER ROLE dashboard_state SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE dashboard_state CONNECTION LIMIT 60;

DO $rights$
DECLARE
    home CONSTANT text := current_schema();
BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO dashboard_state', current_database());
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', home);
    EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO dashboard_state, dashboard_audit', home);
    IF to_regclass(format('%I.audit', home)) IS NOT NULL THEN
        EXECUTE format('ALTER TABLE %I.audit OWNER TO dashboard_audit', home);
        EXECUTE format('ALTER FUNCTION %I.audit_is_kept() OWNER TO dashboard_audit', home);
        EXECUTE format('REVOKE ALL ON %I.audit FROM PUBLIC, dashboard_state', home);
        EXECUTE format('GRANT SELECT, INSERT ON %I.audit TO dashboard_state', home);
        EXECUTE format('GRANT USAGE ON SEQUENCE %I.audit_id_seq TO dashboard_state', home);
    END IF;
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM dashboard_audit', home);
END
$rights$;
