-- 示例：把县里的台账（ledger.sql）变成数据约定（docs/data-contract.md）里的视图。
-- 由建库账号在业务库中执行；视图与本系统的表放在同一个模式（search_path 的第一个，一般是 public）。
-- 列要写全：县里没有的写 NULL::类型。类型要对：timestamp 转 date，numeric 转 double precision，char 转 text。

CREATE VIEW regions AS
SELECT qhdm::text AS code,
       sjdm::text AS parent_code,
       CASE cj WHEN 1 THEN 'county' WHEN 2 THEN 'township' ELSE 'village' END AS level,
       mc AS name,
       jc AS short_name,
       lb AS kind,
       czrk AS population,
       NULL::integer AS households,
       NULL::text AS county_leader,
       NULL::text AS contact_department,
       NULL::date AS named_on,
       NULL::integer AS tile_col,
       NULL::integer AS tile_row,
       row_number() OVER (ORDER BY cj, qhdm)::integer AS sort_order
FROM taizhang.t_quhua;

CREATE VIEW departments AS
SELECT dwbm AS code, dwmc AS name, NULL::text AS kind FROM taizhang.t_danwei;

CREATE VIEW campaigns AS
SELECT bm AS code, mc AS name, ksrq AS starts_on, jsrq AS ends_on, jzrq AS baseline_on,
       mbl::double precision AS goal_rate, false AS is_demo_goal
FROM taizhang.t_zhuanxiang;

-- 作废的不算；同一案件的第一次办理给出 first_opened_on；主办单位为“乡镇”时 lead_department_code 为空。
-- 不要在这个视图里用窗口函数：本系统按乡镇（街道）逐个读取，窗口函数会使每次都扫描全表。
CREATE VIEW cases AS
SELECT a.qhdm::text AS township_code,
       a.ajbh AS case_no,
       a.cs AS episode,
       CASE a.ywlx WHEN '01' THEN 'petition_backlog' WHEN '02' THEN 'petition' WHEN '03' THEN 'dispute' WHEN '04' THEN 'event' END AS stream,
       a.zxbm AS campaign_code,
       a.cdm::text AS village_code,
       NULL::text AS category,
       NULL::text AS channel,
       NULL::text AS platform,
       NULL::text AS level,
       nullif(a.zbdw, '乡镇') AS lead_department_code,
       NULL::text AS case_leader,
       a.djsj::date AS opened_on,
       coalesce(f.djsj, a.djsj)::date AS first_opened_on,
       NULL::text AS repeat_of,
       NULL::date AS accept_due_on,
       a.slsj::date AS accepted_on,
       a.xqrq AS due_on,
       false AS due_is_default,
       a.bjsj::date AS closed_on,
       CASE a.bjfs WHEN 1 THEN '问题解决到位' WHEN 2 THEN '调解协议' WHEN 3 THEN '听证终结' END AS closing_method,
       NULL::boolean AS is_repeat,
       CASE a.myd WHEN 'A' THEN 1 WHEN 'B' THEN 2 WHEN 'C' THEN 3 END AS satisfaction
FROM taizhang.t_anjian a
LEFT JOIN taizhang.t_anjian f ON f.ajbh = a.ajbh AND f.cs = 1
WHERE a.zt = '有效';

CREATE VIEW case_departments AS
SELECT a.qhdm::text AS township_code, d.ajbh AS case_no, d.cs AS episode, d.dwbm AS department_code
FROM taizhang.t_anjian_dw d
JOIN taizhang.t_anjian a ON a.ajbh = d.ajbh AND a.cs = d.cs
WHERE a.zt = '有效';

CREATE VIEW tasks AS
SELECT rwbm AS code, xh AS number, mc AS title, NULL::text AS objective,
       CASE fw WHEN '县' THEN 'county' ELSE 'township' END AS scope,
       NULL::text AS work_group_code, qtdw AS lead_department_code, NULL::text AS measure,
       NULL::double precision AS weight, ksrq AS starts_on, wcrq AS due_on, NULL::text AS origin
FROM taizhang.t_renwu;

CREATE VIEW task_progress AS
SELECT qhdm::text AS region_code, rwbm AS task_code, to_date(ny, 'YYYYMM') AS month, NULL::text AS planned_work,
       jh::double precision AS planned_pct, sj::double precision AS actual_pct, wt AS bottleneck,
       NULL::text AS countermeasure, bsrq AS reported_on
FROM taizhang.t_jindu;

-- 填报指标：汇总时复制到 kpi_values。value 用指标的单位（%），不要求县里先算好。
CREATE VIEW kpi_reports AS
SELECT qhdm::text AS region_code, zbbm AS kpi_code, to_date(ny, 'YYYYMM') AS month,
       fz::double precision AS numerator, fm::double precision AS denominator,
       (round(100 * fz / nullif(fm, 0), 2))::double precision AS value, fbrq AS published_on
FROM taizhang.t_zhibiao;

-- 其余的表（work_groups、task_departments、milestones、kpis、schemes、kpi_weights）县里没有：
-- 不建视图，python -m database upgrade 会建空表，用 python -m database load 导入。
